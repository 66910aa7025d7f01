import type { Latencies } from '../../percentiles.ts';

/** How the client learns that an order is confirmed. */
export type ConfirmedBy =
  /** The answer says so: it comes when everything is done. */
  | { kind: 'answer' }
  /** The order events say so, to which the client listens. */
  | { kind: 'events'; brokers: string[] };

/** What the load process is told at its start. */
export interface LoadSettings {
  /** Where orders are posted. */
  target: string;
  confirmedBy: ConfirmedBy;
  seed: number;
  /** Where the answers are written down, for the auditor. */
  historyFile: string;
}

/** How orders come: as many as keep so many open, or so many a second whatever becomes of them. */
export type Arrivals = { kind: 'closed'; openOrders: number } | { kind: 'open'; perS: number };

/** Orders come for `rampMs`, which is not measured, and then for `windowMs`, which is. */
export interface Phase {
  arrivals: Arrivals;
  rampMs: number;
  windowMs: number;
}

/** What a client saw in the window of a phase. */
export interface Seen {
  windowMs: number;
  /** Orders that were to be sent in the window. */
  offered: number;
  /** Of these: answered 429 or 503 with Retry-After, refused otherwise, without an answer, not sent by a full client. */
  shed: number;
  rejected: number;
  unknown: number;
  notSent: number;
  /** Confirmations that came in the window, whenever their orders had been sent. */
  confirmed: number;
  /** From the scheduled send to confirmed, of the orders that were to be sent in the window. */
  latencyMs: Latencies;
  /** Orders of the whole phase of which nobody had heard at its end, long after the last was sent. */
  lost: number;
  /** The client's own processor time in the window. */
  clientCpuSeconds: number;
}

/** From the bench to the load process. */
export type Command = { kind: 'start'; settings: LoadSettings } | { kind: 'run'; phase: Phase };

/** And back. */
export type Report =
  | { kind: 'ready' }
  | { kind: 'window began' }
  | { kind: 'window ended' }
  | { kind: 'done'; seen: Seen }
  | { kind: 'failed'; why: string };
