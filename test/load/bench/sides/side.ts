import type { Supervisor } from '@doorbuster/stack';
import type { ConfirmedBy } from '../client/messages.ts';
import type { BatchSize } from '../measure/batches.ts';
import type { DatabaseWork } from '../measure/database-work.ts';

/** How far the orders have come, by the side's own books. */
export interface Progress {
  /** Notification rows that are there and final. */
  notified: number;
  /** Orders that are confirmed, and whose stock has yet to leave the shelf. */
  unfinished: number;
}

/** What was found when a side's books were read at the end. */
export interface Verdict {
  holds: boolean;
  /** A line or more for a person. */
  evidence: string;
}

/** One of the two that are compared, up and ready. */
export interface Side {
  name: 'shop' | 'monolith';
  /** Where orders are posted. */
  target: string;
  confirmedBy: ConfirmedBy;
  /** Where the client writes down what it was told. */
  historyFile: string;
  supervisor: Supervisor;
  probeFolder: string;
  /** The port on which Kafka listens, where there is one, and that of PostgreSQL. */
  kafkaPort: number | undefined;
  postgresPort: number;
  progress(): Promise<Progress>;
  databaseWork(): Promise<DatabaseWork>;
  /** How many of the orders that were placed since this moment are on their way back, by the reason. */
  cancelled(sinceMs: number): Promise<Record<string, number>>;
  /** By service, of the batches that began between these moments. */
  batches(fromMs: number, toMs: number): Promise<Record<string, BatchSize>>;
  /** Resolves when nothing is under way any more, or too long a time is over. */
  settle(): Promise<void>;
  judge(): Promise<Verdict>;
  stop(): Promise<void>;
}

/** What both sides are started with. */
export interface SideOptions {
  /** CSV, as of `mix.ts`. */
  catalogueFile: string;
  probeFolder: string;
  /** Of the shop alone: how many of each service there are, and how many orders it has sold before. */
  instances: number;
  oldOrders: number;
  signal: AbortSignal;
}

/** What both sides have in common, so that nothing of it can differ. */
export const common = {
  /** Enough of everything: what is measured is selling, not selling out. */
  stockPerSku: 100_000_000,
  /** One order in a hundred is traced on both sides; what that costs belongs to both. */
  traceShare: 0.01,
  /** Requests under way beyond which the door sheds. */
  inFlightMax: 1_000,
};

export const portOf = (url: string): number => Number(new URL(url).port);
