import { type BatchObservableResult, metrics } from '@opentelemetry/api';
import type { Pool } from 'pg';

const meter = metrics.getMeter('@doorbuster/pipeline');
const batchSize = meter.createHistogram('doorbuster.batch.size', {
  unit: '{input}',
  description: 'Inputs committed in one transaction',
});

/** What waits in the pipeline's tables, as an operator should see it. */
export interface Backlog {
  oldestUnpublishedMs: number;
  effectsParked: number;
  deadLetters: number;
  duplicatesStopped: number;
}

/** Reads the backlog; every count is over a small table or a partial index. */
export async function readBacklog(database: Pool): Promise<Backlog> {
  const { rows } = await database.query<Backlog>(
    `select coalesce((select extract(epoch from now() - decided_at) * 1000 from outbox order by id limit 1), 0)::float8
              as "oldestUnpublishedMs",
            (select count(*) from effects where parked_at is not null) as "effectsParked",
            (select count(*) from dead_letters where replayed_at is null) as "deadLetters",
            (select coalesce(sum(count), 0)::bigint from stopped_duplicates) as "duplicatesStopped"`,
  );
  const [backlog] = rows;
  if (backlog === undefined) throw new Error('The backlog has no row');
  return backlog;
}

/** Registers the pipeline's metrics; they are read when an exporter asks for them. */
export function observePipeline(service: string, database: Pool) {
  const attributes = { 'service.name': service };
  const gauges = {
    oldestUnpublishedMs: meter.createObservableGauge('doorbuster.outbox.age', { unit: 'ms' }),
    effectsParked: meter.createObservableGauge('doorbuster.effects.parked', { unit: '{effect}' }),
    deadLetters: meter.createObservableGauge('doorbuster.dead_letters', { unit: '{message}' }),
    duplicatesStopped: meter.createObservableCounter('doorbuster.duplicates.stopped', { unit: '{input}' }),
  };
  const observe = async (result: BatchObservableResult) => {
    const backlog = await readBacklog(database).catch(() => undefined);
    if (backlog === undefined) return;
    result.observe(gauges.oldestUnpublishedMs, backlog.oldestUnpublishedMs, attributes);
    result.observe(gauges.effectsParked, backlog.effectsParked, attributes);
    result.observe(gauges.deadLetters, backlog.deadLetters, attributes);
    result.observe(gauges.duplicatesStopped, backlog.duplicatesStopped, attributes);
  };
  const all = Object.values(gauges);
  meter.addBatchObservableCallback(observe, all);
  return {
    batch: (inputs: number) => batchSize.record(inputs, attributes),
    close: () => meter.removeBatchObservableCallback(observe, all),
  };
}
