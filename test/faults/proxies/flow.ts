import type { Socket } from 'node:net';

export interface FlowLimits {
  /** Nothing is read any more, so that whoever sends is held up as by a network. */
  isStopped: boolean;
  delayMs: number;
  bytesPerS: number;
}

/** What passes in one direction of a connection. */
export interface Flow {
  set(limits: FlowLimits): void;
  end(): void;
}

/** Passes what one socket reads on to the other, in its order, as late and as slowly as it is told. */
export function createFlow(from: Socket, to: Socket, onChunk: (chunk: Buffer) => boolean): Flow {
  let limits: FlowLimits = { isStopped: false, delayMs: 0, bytesPerS: Number.POSITIVE_INFINITY };
  let waiting: { chunk: Buffer | undefined; dueAt: number }[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** When what passed before is through, at the rate that is allowed. */
  let freeAt = 0;

  const push = (chunk: Buffer | undefined) => {
    const now = performance.now();
    freeAt = Math.max(freeAt, now) + ((chunk?.length ?? 0) / limits.bytesPerS) * 1_000;
    waiting.push({ chunk, dueAt: Math.max(now + limits.delayMs, freeAt) });
    pass();
  };

  function pass(): void {
    clearTimeout(timer);
    if (limits.isStopped) return;
    for (;;) {
      const [next] = waiting;
      if (next === undefined) return;
      const waitMs = next.dueAt - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(pass, waitMs);
        return;
      }
      waiting.shift();
      if (to.destroyed) continue;
      if (next.chunk === undefined) to.end();
      // A receiver that is slow holds up the sender, as it would without us.
      else if (!to.write(next.chunk)) from.pause();
    }
  }

  from.on('data', (chunk: Buffer) => {
    if (onChunk(chunk)) push(chunk);
  });
  from.on('end', () => push(undefined));
  to.on('drain', () => {
    if (!limits.isStopped) from.resume();
  });
  return {
    set(next) {
      limits = next;
      if (limits.isStopped) from.pause();
      else from.resume();
      pass();
    },
    end() {
      clearTimeout(timer);
      waiting = [];
    },
  };
}
