import { meterOf, seldom } from '@doorbuster/telemetry';
import type { BatchObservableResult } from '@opentelemetry/api';
import type { Pool } from 'pg';

const meter = meterOf('@doorbuster/pipeline');
const batchSize = meter.histogram('doorbuster.batch.size');
const messagesHandled = meter.counter('doorbuster.messages.handled');
const gatherWait = meter.histogram('doorbuster.gather.wait');
const effectDuration = meter.histogram('doorbuster.effect.duration');
const outboxAge = meter.gauge('doorbuster.outbox.age');
const outboxDepth = meter.gauge('doorbuster.outbox.depth');
const effectsAge = meter.gauge('doorbuster.effects.age');
const effectsDepth = meter.gauge('doorbuster.effects.depth');
const effectsParked = meter.gauge('doorbuster.effects.parked');
const deadLetters = meter.gauge('doorbuster.dead_letters');
const duplicatesStopped = meter.observableCounter('doorbuster.duplicates.stopped');

const oldestUnpublished = `coalesce((select extract(epoch from now() - decided_at) from outbox order by id limit 1), 0)::float8`;

/** How long the oldest message that waits to be published has waited, in milliseconds. Asked by the door, so it is quick. */
export async function readOldestUnpublishedMs(database: Pool): Promise<number> {
  const { rows } = await database.query<{ seconds: number }>(`select ${oldestUnpublished} as seconds`);
  return (rows[0]?.seconds ?? 0) * 1_000;
}

/** What waits in the pipeline's tables, as an operator should see it; ages in seconds. */
interface Backlog {
  outboxAge: number;
  outboxDepth: number;
  effectsAge: number;
  effectsDepth: number;
  effectsParked: number;
  deadLetters: number;
  duplicatesStopped: number;
}

/** Reads the backlog; every count is over a table whose rows live for moments, or of what went wrong. */
async function readBacklog(database: Pool): Promise<Backlog | undefined> {
  const { rows } = await database.query<Backlog>(
    `select ${oldestUnpublished} as "outboxAge",
            (select count(*) from outbox) as "outboxDepth",
            extract(epoch from now() - coalesce(oldest, now()))::float8 as "effectsAge",
            waiting as "effectsDepth",
            parked as "effectsParked",
            (select count(*) from dead_letters where replayed_at is null) as "deadLetters",
            (select coalesce(sum(count), 0)::bigint from stopped_duplicates) as "duplicatesStopped"
     from (select min(decided_at) filter (where parked_at is null) as oldest,
                  count(*) filter (where parked_at is null) as waiting,
                  count(*) filter (where parked_at is not null) as parked
           from effects) as calls`,
  );
  return rows[0];
}

/** Begins to tell what waits in the pipeline's tables, whenever an exporter asks; returns how to end that. */
export function observeBacklog(database: Pool): () => void {
  const read = seldom(() => readBacklog(database));
  const observe = async (result: BatchObservableResult) => {
    const backlog = await read().catch(() => undefined);
    if (backlog === undefined) return;
    result.observe(outboxAge, backlog.outboxAge);
    result.observe(outboxDepth, backlog.outboxDepth);
    result.observe(effectsAge, backlog.effectsAge);
    result.observe(effectsDepth, backlog.effectsDepth);
    result.observe(effectsParked, backlog.effectsParked);
    result.observe(deadLetters, backlog.deadLetters);
    result.observe(duplicatesStopped, backlog.duplicatesStopped);
  };
  const instruments = [outboxAge, outboxDepth, effectsAge, effectsDepth, effectsParked, deadLetters];
  return meter.observe(observe, [...instruments, duplicatesStopped]);
}

/** Counts a batch that is about to be committed. */
export function measureBatch(inputs: readonly { kind: string; type: string }[], waitedMs: number): void {
  batchSize.record(inputs.length);
  gatherWait.record(waitedMs / 1_000);
  // Poison may call itself what it likes, so it is no label.
  const byType = new Map<string, number>();
  for (const { kind, type } of inputs) if (kind === 'message') byType.set(type, (byType.get(type) ?? 0) + 1);
  for (const [type, count] of byType) messagesHandled.add(count, { type });
}

/** Counts a call to the outside world, by what came of it. */
export function measureEffect(type: string, outcome: string, ms: number): void {
  effectDuration.record(ms / 1_000, { type, outcome });
}
