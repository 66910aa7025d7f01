import { afterEach } from '@jest/globals';
import pg from 'pg';
import { shop } from './servers.ts';

const undone: (() => Promise<void>)[] = [];

/** Mends after each test whatever bug it planted. */
export function mendAfterEach(): void {
  afterEach(async () => {
    for (const undo of undone.splice(0)) await undo();
  });
}

export async function inDatabase(service: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: shop().postgres[service] });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * A bug in order: what it asks inventory for makes no sense, for orders of exactly this quantity. The row gets the id after
 * its own: from the gap the relay sees that it does not know what the table holds, and reads it.
 */
export async function breakReserveStock(quantity: number): Promise<void> {
  const whole = `"quantity":${quantity}`;
  await inDatabase(
    'order',
    `create function broken() returns trigger language plpgsql as $$ begin
       if new.data like '%${whole}%' then
         new.id := nextval(pg_get_serial_sequence('outbox', 'id'));
         new.data := replace(new.data, '${whole}', '"quantity":"${quantity} pieces"');
       end if;
       return new; end $$`,
    `create trigger broken before insert on outbox for each row when (new.type = 'ReserveStock')
     execute function broken()`,
  );
  undone.push(() => inDatabase('order', 'drop trigger broken on outbox', 'drop function broken'));
}

/** A bug in order's database: it refuses to move orders of exactly this quantity on when their stock is reserved. */
export async function refuseStockReserved(quantity: number): Promise<void> {
  const isRefused = `state = 'paying' and lines @> '[{"quantity": ${quantity}}]'`;
  await inDatabase('order', `alter table orders add constraint refused check (not (${isRefused})) not valid`);
  undone.push(acceptStockReserved);
}

/** Mends the bug that `refuseStockReserved` plants. */
export const acceptStockReserved = (): Promise<void> =>
  inDatabase('order', 'alter table orders drop constraint if exists refused');
