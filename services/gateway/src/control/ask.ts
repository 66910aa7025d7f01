import { Agent, type buildConnector, type Dispatcher } from 'undici';

export interface Asked {
  status: number;
  body: unknown;
}

export interface Asking {
  method?: Dispatcher.HttpMethod;
  headers?: Record<string, string>;
  body?: object;
  /** How long all of it may take, in milliseconds. */
  limitMs: number;
}

/** Answers of those who are asked here are small; one that is larger is a mistake. */
const answerBytesMax = 8 * 2 ** 20;

/** Asks small questions over connections of its own, so that no client's request waits for one. */
export interface Asker {
  /** @throws where there is no answer of JSON within the limit */
  ask(url: string, asking: Asking): Promise<Asked>;
  close(): Promise<void>;
}

/** @param connect how connections are made, where not plainly */
export function createAsker(connect?: buildConnector.connector): Asker {
  const agent = new Agent({
    connections: 2,
    pipelining: 1,
    maxResponseSize: answerBytesMax,
    ...(connect && { connect }),
  });
  return {
    async ask(url, { method = 'GET', headers = {}, body, limitMs }) {
      const { statusCode, body: answer } = await agent.request({
        ...placeOf(url),
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(limitMs),
      });
      return { status: statusCode, body: await answer.json() };
    },
    close: () => agent.destroy(),
  };
}

function placeOf(url: string): { origin: string; path: string } {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: `${pathname}${search}` };
}
