import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Product, parseCatalogue } from '@doorbuster/contracts';
import type { Logger } from '@doorbuster/service';
import type { Pool } from 'pg';

/** What the shop sells, held in memory: it changes only with a new start. */
export interface Catalogue {
  /** The price in pence, or undefined for what is not sold here. */
  priceOf(sku: string): number | undefined;
  find(sku: string): Product | undefined;
  /** The products after the cursor, in the order of their SKUs. */
  page(after: string, limit: number): { items: Product[]; next: string | null };
  /** Changes whenever any product does. */
  etag: string;
}

/** Puts the products of a file into the database where they are missing, and reads all that are there. */
export async function loadCatalogue(database: Pool, file: string, log: Logger): Promise<Catalogue> {
  const { products, rejected } = parseCatalogue(await readFile(file, 'utf8'));
  if (rejected.length > 0) log.warn({ rejected }, 'Rows of the catalogue make no sense and are not sold');
  await database.query(
    `insert into products (sku, name, price_cents)
     select * from unnest($1::text[], $2::text[], $3::bigint[]) on conflict do nothing`,
    [
      products.map(({ sku }) => sku),
      products.map(({ name }) => name),
      products.map(({ priceCents }) => priceCents),
    ],
  );
  const { rows } = await database.query<Product>(
    'select sku, name, price_cents as "priceCents" from products',
  );
  return catalogueOf(rows);
}

/** A catalogue of these products. */
export function catalogueOf(products: Product[]): Catalogue {
  const sorted = products.toSorted((a, b) => (a.sku < b.sku ? -1 : 1));
  const bySku = new Map(sorted.map((product) => [product.sku, product]));
  const etag = `"${createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 22)}"`;
  return {
    etag,
    find: (sku) => bySku.get(sku),
    priceOf: (sku) => bySku.get(sku)?.priceCents,
    page(after, limit) {
      const from = sorted.findIndex(({ sku }) => sku > after);
      const items = from === -1 ? [] : sorted.slice(from, from + limit);
      const isLast = from === -1 || from + limit >= sorted.length;
      return { items, next: isLast ? null : (items.at(-1)?.sku ?? null) };
    },
  };
}
