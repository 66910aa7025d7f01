import type { Instance, Watched } from './watch.ts';

export interface Balancer {
  /** The next instance in turn, or undefined when none is left. */
  pick(): Instance | undefined;
  /** Passes over an instance for a while: it refused a connection, and the registry will notice later than we did. */
  eject(instance: Instance): void;
}

const ejectedForMs = 3_000;

/** Spreads calls over the healthy instances in turn. `now` gives milliseconds of a clock that never goes back. */
export function createBalancer(
  { instances }: Watched,
  now: () => number = () => performance.now(),
): Balancer {
  const ejectedUntil = new Map<string, number>();
  let turn = 0;
  return {
    pick() {
      const usable = instances().filter(({ origin }) => (ejectedUntil.get(origin) ?? 0) <= now());
      turn = (turn + 1) % Math.max(1, usable.length);
      return usable[turn];
    },
    eject: ({ origin }) => void ejectedUntil.set(origin, now() + ejectedForMs),
  };
}
