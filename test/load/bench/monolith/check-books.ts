import type { Pool } from 'pg';
import { readClients } from '../../../audit/books/clients.ts';
import { count, money } from '../../../audit/words.ts';
import type { Verdict } from '../sides/side.ts';

interface Sums {
  orders: number;
  confirmed: number;
  totalCents: number;
  items: number;
  keys: number;
  captures: number;
  capturedCents: number;
  notifications: number;
  sold: number;
}

const text = `
  select (select count(*) from orders) as orders,
         (select count(*) from orders where state = 'confirmed') as confirmed,
         (select coalesce(sum(total_cents), 0)::bigint from orders where state = 'confirmed') as "totalCents",
         (select coalesce(sum(quantity), 0)::bigint from orders, jsonb_to_recordset(lines) as line (quantity bigint)
          where state = 'confirmed') as items,
         (select count(*) from idempotency) as keys,
         (select count(*) from charges where state = 'captured') as captures,
         (select coalesce(sum(amount_cents), 0)::bigint from charges where state = 'captured') as "capturedCents",
         (select count(*) from notifications n join orders o on o.id = n.order_id and o.state = n.kind) as notifications,
         (select sum(sold)::bigint from products) as sold`;

/** Whether the monolith did what it says: its speed would mean nothing either. */
export async function checkBooks(database: Pool, historyFile: string): Promise<Verdict> {
  const { rows } = await database.query<Sums>(text);
  const [sums] = rows;
  if (sums === undefined) throw new Error('The sums have no row');
  const { orders, confirmed, totalCents, items, keys, captures, capturedCents, notifications, sold } = sums;
  const clients = await readClients(historyFile);
  const answered = new Set(clients?.accepted.map(({ orderId }) => orderId)).size;
  const unknown = clients?.unknown ?? 0;
  const holds =
    [keys, notifications].every((rows) => rows === orders) &&
    captures === confirmed &&
    capturedCents === totalCents &&
    sold === items &&
    answered <= orders &&
    orders <= answered + unknown;
  return {
    holds,
    evidence:
      `${count(orders)} orders, ${count(answered)} answered, ${count(unknown)} unknown; keys ${count(keys)}, ` +
      `notifications ${count(notifications)}; captured ${money(capturedCents)} of ${money(totalCents)}, ` +
      `sold ${count(sold)} of ${count(items)} items`,
  };
}
