import type { Latencies } from '../../percentiles.ts';
import type { Customers } from '../mix.ts';

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

/** Orders that come from one moment to another, so many a second whatever becomes of them. */
export interface Stream {
  name: string;
  /** From the beginning of the storm that it is a part of. */
  fromMs: number;
  toMs: number;
  perS: number;
  customers: Customers;
}

/** What became of the orders of a stream; latencies count from the moment at which an order was to be sent. */
export interface StreamSeen {
  name: string;
  seconds: number;
  offered: number;
  accepted: number;
  /** Told 429 or 503 and when to come again. */
  shed: number;
  /** Told 429 or 503 without a word on when. */
  shedSilently: number;
  /** Refused otherwise, without a clear answer, not sent by a full client. */
  rejected: number;
  unknown: number;
  notSent: number;
  /** Of the accepted, whenever that was. */
  confirmed: number;
  /** Confirmations that came while the stream lasted, of whichever stream. */
  confirmedMeanwhile: number;
  /** Until who is shed knows it. */
  shedMs: Latencies;
  confirmMs: Latencies;
  /** How late the client itself was with sending: what it waits for a processor is in all other latencies, too. */
  clientLateMs: Latencies;
  bySecond: SecondSeen[];
}

/** Of the orders that were to be sent in one second. */
export interface SecondSeen {
  offered: number;
  confirmed: number;
  p99Ms: number;
}

/** What a client saw of several streams. */
export interface StormSeen {
  streams: StreamSeen[];
  /** Orders of which nobody had heard long after the last was sent. */
  lost: number;
}

/** From the bench to the load process. */
export type Command =
  | { kind: 'start'; settings: LoadSettings }
  | { kind: 'run'; phase: Phase }
  | { kind: 'storm'; streams: readonly Stream[] };

/** And back. */
export type Report =
  | { kind: 'ready' }
  | { kind: 'window began' }
  | { kind: 'window ended' }
  | { kind: 'done'; seen: Seen }
  | { kind: 'stormed'; seen: StormSeen }
  | { kind: 'failed'; why: string };
