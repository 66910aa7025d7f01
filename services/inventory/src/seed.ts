import { readFile } from 'node:fs/promises';
import { parseCatalogue } from '@doorbuster/contracts';
import type { Pool } from 'pg';

export interface Seed {
  /** CSV with the header `sku,name,price_cents`. */
  catalogueFile: string;
  perSku: number;
  hotSku: string | undefined;
  hotSkuStock: number;
}

/** Fills the shelves once. What is there already stays as it is, and `initial` keeps what was there at first. */
export async function seedStock(
  database: Pool,
  { catalogueFile, perSku, hotSku, hotSkuStock }: Seed,
): Promise<void> {
  const { products } = parseCatalogue(await readFile(catalogueFile, 'utf8'));
  await database.query(
    `insert into stock (sku, initial, on_hand)
     select sku, count, count from unnest($1::text[], $2::bigint[]) as t (sku, count) on conflict do nothing`,
    [products.map(({ sku }) => sku), products.map(({ sku }) => (sku === hotSku ? hotSkuStock : perSku))],
  );
}
