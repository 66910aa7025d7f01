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
  /** The products after the cursor that have all the words, in the order of their SKUs. */
  page(wanted: { after: string; limit: number; q: string }): { items: Product[]; next: string | null };
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
  const searchable = sorted.map((product) => ({
    product,
    text: `${product.sku} ${product.name}`.toLowerCase(),
  }));
  const bySku = new Map(sorted.map((product) => [product.sku, product]));
  const etag = `"${createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 22)}"`;
  return {
    etag,
    find: (sku) => bySku.get(sku),
    priceOf: (sku) => bySku.get(sku)?.priceCents,
    page({ after, limit, q }) {
      const words = q.toLowerCase().split(/\s+/).filter(Boolean);
      const found = words.length === 0 ? searchable : searchable.filter(hasAll(words));
      const from = found.findIndex(({ product }) => product.sku > after);
      const items = from === -1 ? [] : found.slice(from, from + limit).map(({ product }) => product);
      const isLast = from === -1 || from + limit >= found.length;
      return { items, next: isLast ? null : (items.at(-1)?.sku ?? null) };
    },
  };
}

const hasAll =
  (words: readonly string[]) =>
  ({ text }: { text: string }): boolean =>
    words.every((word) => text.includes(word));
