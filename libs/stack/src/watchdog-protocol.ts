import type { ProcessIdentity } from './process-identity.ts';

/** Signals that ask a program to end; which of them it heeds best is its own. */
export type EndSignal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT';

/** A process that has to end when the launcher does, and how. */
export interface WatchOrder {
  order: 'watch';
  process: ProcessIdentity;
  signal: EndSignal;
  graceMs: number;
}

/** What a launcher tells its watchdog, one JSON line each. */
export type WatchdogOrder =
  | WatchOrder
  | { order: 'forget'; pid: number }
  | { order: 'remove at the end'; path: string }
  | { order: 'release at the end'; path: string }
  | { order: 'leave alone'; path: string };
