import type { Pool } from 'pg';

/** How many messages were committed together. */
export interface BatchSize {
  mean: number;
  max: number;
}

/**
 * Tells the batches of a time from the inbox: its rows bear the moment at which their transaction began, so those of
 * one batch bear the same. Answers of effects leave no row and are not counted.
 */
export async function batchSizes(database: Pool, fromMs: number, toMs: number): Promise<BatchSize> {
  const { rows } = await database.query<BatchSize>(
    `select coalesce(avg(messages), 0)::float8 as mean, coalesce(max(messages), 0)::float8 as max
     from (select count(*) as messages from inbox
           where received_at >= to_timestamp($1 / 1000.0) and received_at < to_timestamp($2 / 1000.0)
           group by received_at) as batches`,
    [fromMs, toMs],
  );
  return rows[0] ?? { mean: 0, max: 0 };
}
