import { open } from 'node:fs/promises';
import type { Pool } from 'pg';
import { z } from 'zod';

/** What clients were promised so far, as far as it has been read and looked up. */
export interface Promises {
  /** Answers of 2xx; null where nobody writes down what clients are told. */
  answers: number | null;
  /** Orders that were promised, and that no order book knows by that key. */
  broken: string[];
}

const Answer = z.object({
  outcome: z.string(),
  key: z.string(),
  customerId: z.string(),
  orderId: z.string().nullable(),
});
type Answer = z.infer<typeof Answer>;

const readMaxBytes = 1_048_576;
const brokenMax = 20;

/** An answer is given when its order is committed, so every promise can be looked up as soon as it is read. */
const text = `
  select told.order_id from unnest($1::text[], $2::text[], $3::text[]) as told (customer_id, key, order_id)
  where not exists (
    select from idempotency join orders on orders.id = idempotency.order_id
    where idempotency.customer_id = told.customer_id and idempotency.key = told.key
      and orders.id::text = told.order_id)`;

/** Reads the history of the clients on from where it was read last, and looks its new promises up. */
export function followPromises(file: string, order: Pool) {
  let position = 0;
  const promises: Promises = { answers: null, broken: [] };

  async function readOn(): Promise<Answer[]> {
    const handle = await open(file, 'r').catch(() => undefined);
    if (handle === undefined) return [];
    try {
      promises.answers ??= 0;
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(readMaxBytes), position });
      // The last line may still be under way.
      const whole = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1);
      position += whole.length;
      const lines = whole.toString('utf8').split('\n').slice(0, -1);
      return lines.map((line) => Answer.parse(JSON.parse(line)));
    } finally {
      await handle.close();
    }
  }

  return {
    async look(): Promise<Promises> {
      const from = position;
      const promised = (await readOn()).filter(({ outcome }) => outcome === 'ok');
      try {
        const { rows } = await order.query<{ order_id: string | null }>(text, [
          promised.map(({ customerId }) => customerId),
          promised.map(({ key }) => key),
          promised.map(({ orderId }) => orderId),
        ]);
        const broken = rows.map(({ order_id }) => `${order_id}`);
        promises.broken = [...promises.broken, ...broken].slice(0, brokenMax);
      } catch (error) {
        position = from;
        throw error;
      }
      if (promises.answers !== null) promises.answers += promised.length;
      return promises;
    },
  };
}
