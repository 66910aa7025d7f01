import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { Product } from './http.ts';

/** A catalogue as it was read: what can be sold, and the rows that make no sense, each with why. */
export interface Catalogue {
  products: Product[];
  rejected: { line: number; why: string }[];
}

const Row = z.object({ sku: z.string().trim(), name: z.string().trim(), price_cents: z.coerce.number() });
/** Dearer than this is a slip of the pen: with 1,200 lines of 100,000 items a total must stay a safe integer. */
const priceCentsMax = 5_000_000;
const Sellable = Product.extend({ priceCents: Product.shape.priceCents.max(priceCentsMax) });

/**
 * Reads a catalogue from CSV with the header `sku,name,price_cents`. Real files have bad rows in them: they are
 * counted and named, and the rest is sold.
 */
export function parseCatalogue(csv: string): Catalogue {
  const records: { record: unknown; info: { lines: number } }[] = parse(csv, {
    columns: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    bom: true,
  });
  const products = new Map<string, Product>();
  const rejected: Catalogue['rejected'] = [];
  for (const { record, info } of records) {
    const row = Row.transform(({ sku, name, price_cents }) => ({ sku, name, priceCents: price_cents }))
      .pipe(Sellable)
      .safeParse(record);
    if (!row.success)
      rejected.push({ line: info.lines, why: z.prettifyError(row.error).replaceAll('\n', ' ') });
    else if (products.has(row.data.sku))
      rejected.push({ line: info.lines, why: `${row.data.sku} is there twice` });
    else products.set(row.data.sku, row.data);
  }
  return { products: [...products.values()], rejected };
}
