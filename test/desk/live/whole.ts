import type { Databases } from './sums.ts';

/** What is counted for the shop as a whole, from small tables. */
export interface Whole {
  stock: Stock;
  /** How many items were sold before the orders were read; `stock.sold` is how many were afterwards. */
  soldBefore: number;
  queues: Queues;
}

export interface Stock {
  skus: number;
  onHand: number;
  reserved: number;
  sold: number;
  initial: number;
  restocked: number;
  /** SKUs whose counts do not add up, or are negative. */
  wrong: string[];
}

export interface Queues {
  unsent: number;
  oldestUnsentMs: number;
  effects: number;
  oldestEffectMs: number;
  /** Orders that wait for a parked call. */
  parked: number;
  deadLetters: number;
}

const stockText = `
  select count(*) as skus, coalesce(sum(on_hand), 0)::bigint as "onHand", coalesce(sum(reserved), 0)::bigint as reserved,
    coalesce(sum(sold), 0)::bigint as sold, coalesce(sum(initial), 0)::bigint as initial,
    coalesce(sum(restocked), 0)::bigint as restocked,
    coalesce((array_agg(sku order by sku) filter (where on_hand + reserved + sold <> initial + restocked
      or least(on_hand, reserved, sold) < 0))[:20], '{}') as wrong
  from stock`;

const queueText = `
  select (select count(*) from outbox) as unsent,
    (select coalesce(1000 * extract(epoch from now() - min(decided_at)), 0)::float8 from outbox) as "oldestUnsentMs",
    (select count(*) from effects where parked_at is null) as effects,
    (select coalesce(1000 * extract(epoch from now() - min(decided_at)), 0)::float8 from effects
     where parked_at is null) as "oldestEffectMs",
    (select count(distinct order_id) from effects where parked_at is not null) as parked,
    (select count(*) from dead_letters where replayed_at is null) as "deadLetters"`;

/** Reads the stock. */
export async function readStock({ inventory }: Databases): Promise<Stock> {
  const { rows } = await inventory.query<Stock>(stockText);
  const [stock] = rows;
  if (stock === undefined) throw new RangeError('there is no stock');
  return stock;
}

/** Reads what the services still have to send or do, as one. */
export async function readQueues({ order, payment, inventory, notification }: Databases): Promise<Queues> {
  const pools = [order, payment, inventory, notification];
  const each = await Promise.all(
    pools.map(async (database) => (await database.query<Queues>(queueText)).rows),
  );
  const total: Queues = {
    unsent: 0,
    oldestUnsentMs: 0,
    effects: 0,
    oldestEffectMs: 0,
    parked: 0,
    deadLetters: 0,
  };
  for (const one of each.flat()) {
    total.unsent += one.unsent;
    total.effects += one.effects;
    total.parked += one.parked;
    total.deadLetters += one.deadLetters;
    total.oldestUnsentMs = Math.max(total.oldestUnsentMs, one.oldestUnsentMs);
    total.oldestEffectMs = Math.max(total.oldestEffectMs, one.oldestEffectMs);
  }
  return total;
}
