import { readFile } from 'node:fs/promises';
import { type Product, parseCatalogue } from '@doorbuster/contracts';
import type { Pool } from 'pg';

const schema = new URL('schema.sql', import.meta.url);

/** Makes the tables and fills the shelves of an empty database; gives what is sold. */
export async function fillDatabase(
  database: Pool,
  catalogue: string,
  stockPerSku: number,
): Promise<Product[]> {
  const { products } = parseCatalogue(catalogue);
  await database.query(await readFile(schema, 'utf8'));
  await database.query(
    `insert into products (sku, name, price_cents, initial, on_hand)
     select sku, name, price, $4, $4 from unnest($1::text[], $2::text[], $3::bigint[]) as t (sku, name, price)`,
    [
      products.map(({ sku }) => sku),
      products.map(({ name }) => name),
      products.map(({ priceCents }) => priceCents),
      stockPerSku,
    ],
  );
  return products;
}
