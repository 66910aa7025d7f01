import type { EventEmitter } from 'node:events';

/** What Consul's client says when it watches something. */
interface Asked {
  index: bigint;
  wait: string;
  /** How long the answer may take in all, in milliseconds. */
  timeout: number;
  /** Says `cancel` when nobody wants the answer any more. */
  ctx: EventEmitter;
}

/**
 * A blocking query for what Consul's client has no method for, in the shape of such a method, so that `follow` can follow
 * it.
 * @throws when Consul does not answer in time, or answers anything but 200
 */
export const blockingQuery =
  (consulUrl: string, path: string) =>
  async ({ index, wait, timeout, ctx }: Asked): Promise<[object, unknown]> => {
    const cancelled = new AbortController();
    const cancel = () => cancelled.abort();
    ctx.once('cancel', cancel);
    try {
      const url = new URL(path, consulUrl);
      url.searchParams.set('index', String(index));
      url.searchParams.set('wait', wait);
      const signal = AbortSignal.any([cancelled.signal, AbortSignal.timeout(timeout)]);
      const response = await fetch(url, { signal });
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return [{ headers: Object.fromEntries(response.headers) }, await response.json()];
    } finally {
      ctx.off('cancel', cancel);
    }
  };
