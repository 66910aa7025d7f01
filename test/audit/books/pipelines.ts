import type { Client } from 'pg';

/** The services that have a pipeline, and so an inbox, an outbox and the rest. */
export const serviceNames = ['order', 'inventory', 'payment', 'notification'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface EffectEntry {
  orderId: string;
  type: string;
  parked: boolean;
  attempts: number;
  lastError: string | null;
  ageMs: number;
}

export interface DeadLetterEntry {
  topic: string;
  partition: number;
  position: number;
  messageId: string | null;
  type: string | null;
  reason: string;
  replayed: boolean;
}

export interface PipelineBooks {
  /** Messages that are decided and not yet in Kafka. */
  outbox: { count: number; oldestMs: number };
  /** Calls that are decided and not yet answered. */
  effects: EffectEntry[];
  deadLetters: DeadLetterEntry[];
  /** Duplicates that were stopped, by what stopped them. */
  stopped: { byInbox: number; byBusinessKey: number };
}

/** Reads what one service still has to send or do, and what it could not handle. */
export async function readPipeline(database: Client): Promise<PipelineBooks> {
  const { rows: effects } = await database.query<EffectEntry>(
    `select order_id as "orderId", type, parked_at is not null as parked, attempts, last_error as "lastError",
            (1000 * extract(epoch from now() - decided_at))::float8 as "ageMs" from effects`,
  );
  const { rows: outbox } = await database.query<PipelineBooks['outbox']>(
    `select count(*) as count,
            coalesce(1000 * extract(epoch from now() - min(decided_at)), 0)::float8 as "oldestMs" from outbox`,
  );
  const { rows: deadLetters } = await database.query<DeadLetterEntry>(
    `select topic, partition, position, message_id as "messageId", type, reason,
            replayed_at is not null as replayed from dead_letters`,
  );
  const { rows: stopped } = await database.query<{ stopped_by: string; count: number }>(
    'select stopped_by, count from stopped_duplicates',
  );
  const by = (name: string) => stopped.find(({ stopped_by }) => stopped_by === name)?.count ?? 0;
  return {
    effects,
    outbox: outbox[0] ?? { count: 0, oldestMs: 0 },
    deadLetters,
    stopped: { byInbox: by('inbox'), byBusinessKey: by('business key') },
  };
}
