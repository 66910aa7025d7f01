import type { Pool } from 'pg';
import type { Range } from './sums.ts';

export const first = '00000000-0000-0000-0000-000000000000';
export const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** No order that was placed at this moment or later has an id below. */
export function idAt(ms: number): string {
  const hex = Math.floor(ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** So many orders cost a few milliseconds to add up. */
const stretchSize = 1_000;
/** More than this at once would be a load of its own. */
export const stretchesAtOnce = 20;

const nextText = 'select id::text from orders where id >= $1 and id < $2 order by id offset $3 limit 1';

/** Cuts settled orders into stretches of one size, as far as there are enough of them. */
export async function cutStretches(order: Pool, from: string, to: string): Promise<Range[]> {
  const stretches: Range[] = [];
  let at = from;
  while (stretches.length < stretchesAtOnce) {
    const { rows } = await order.query<{ id: string }>(nextText, [at, to, stretchSize]);
    const [next] = rows;
    if (next === undefined) break;
    stretches.push({ from: at, to: next.id });
    at = next.id;
  }
  return stretches;
}

const openText = `
  select id::text from orders where id >= $1 and id < $2 and state not in ('completed', 'cancelled')
  order by id limit 1`;

/** The first order of the range that is open, or its end: before it everything has settled. */
export async function settledUpTo(order: Pool, { from, to }: Range): Promise<string> {
  const { rows } = await order.query<{ id: string }>(openText, [from, to]);
  return rows[0]?.id ?? to;
}
