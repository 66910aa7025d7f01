import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** Where the body of an answer goes. */
export interface Sink {
  /** False when it has enough for now; then `resume` is called when it has room. */
  write(chunk: Buffer): boolean;
  /** The end, with all of the body where none was written before. */
  end(whole?: Buffer): void;
  /** The instance broke off, or was made to. */
  fail(error: Error): void;
}

/** An answer whose head is there, and whose body is on its way. */
export interface Answer {
  statusCode: number;
  headers: IncomingHttpHeaders;
  /** True when all of it is there. */
  isWhole(): boolean;
  /** Hands the body on, from its beginning. Called once. */
  to(sink: Sink): void;
  resume(): void;
  /** Breaks it off, if it is not over. */
  abort(): void;
}

/** What an instance's connection tells an answer. */
export interface Arriving extends Answer {
  data(chunk: Buffer): void;
  ended(): void;
  failed(error: Error): void;
}

/** Until somebody takes the body it is kept; beyond this many bytes no more is read. */
const keptBytesMax = 65_536;

/** Keeps what comes of a body until it is known where it goes. */
export function createAnswer(
  statusCode: number,
  headers: IncomingHttpHeaders,
  controller: Dispatcher.DispatchController,
): Arriving {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let sink: Sink | undefined;
  let isWhole = false;
  let failure: Error | undefined;
  return {
    statusCode,
    headers,
    isWhole: () => isWhole,
    to(taker) {
      sink = taker;
      if (isWhole) return sink.end(Buffer.concat(kept));
      for (const chunk of kept.splice(0)) sink.write(chunk);
      if (failure !== undefined) sink.fail(failure);
      else controller.resume();
    },
    resume: () => controller.resume(),
    abort() {
      if (!isWhole && failure === undefined) controller.abort(new Error('Nobody waits for the rest'));
    },
    data(chunk) {
      if (sink !== undefined) {
        if (!sink.write(chunk)) controller.pause();
        return;
      }
      kept.push(chunk);
      keptBytes += chunk.length;
      if (keptBytes > keptBytesMax) controller.pause();
    },
    ended() {
      isWhole = true;
      sink?.end();
    },
    failed(error) {
      failure = error;
      sink?.fail(error);
    },
  };
}

/** Lets the body of an answer come to nothing. */
export const discard = (answer: Answer): void =>
  answer.to({ write: () => true, end: () => undefined, fail: () => undefined });

/** Reads a small answer of JSON. @throws when it breaks off or is none */
export async function readJson(answer: Answer): Promise<unknown> {
  const chunks: Buffer[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  answer.to({
    write: (chunk) => chunks.push(chunk) > 0,
    end: (whole) => resolve(whole ?? Buffer.concat(chunks)),
    fail: reject,
  });
  return JSON.parse((await promise).toString('utf8'));
}
