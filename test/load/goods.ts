import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Line, type Product, parseCatalogue } from '@doorbuster/contracts';
import { SetupError } from '@doorbuster/stack';
import { count, counted } from '../audit/words.ts';
import { generateBaskets, hottestSku, parseBaskets } from './baskets.ts';
import type { DemoOptions } from './options.ts';
import type { Random } from './random.ts';

/** What is asked for in a run. */
export interface Goods {
  products: Product[];
  baskets: Line[][];
  hotSku: string;
  /** What of the files made no sense, a sentence each. */
  complaints: string[];
}

const builtIn = fileURLToPath(new URL('../../services/order/catalogue.csv', import.meta.url));

/** Reads the catalogue and the baskets, or makes baskets up. @throws SetupError when nothing is left to be sold */
export async function readGoods({ catalogueFile, basketsFile }: DemoOptions, random: Random): Promise<Goods> {
  const catalogue = parseCatalogue(await readFile(catalogueFile ?? builtIn, 'utf8'));
  const { products } = catalogue;
  if (products.length === 0)
    throw new SetupError(`--catalogue: ${catalogueFile} names nothing that can be sold.`);
  const read =
    basketsFile === undefined
      ? { baskets: generateBaskets(products, random), rejected: [] }
      : parseBaskets(await readFile(basketsFile, 'utf8'), products);
  if (read.baskets.length === 0) throw new SetupError(`--baskets: no row of ${basketsFile} makes sense.`);
  const complaints = [
    ...complain('catalogue', products.length, catalogue.rejected),
    ...complain('basket', read.baskets.length, read.rejected),
  ];
  return { products, baskets: read.baskets, hotSku: hottestSku(read.baskets), complaints };
}

function complain(what: string, good: number, rejected: { line: number; why: string }[]): string[] {
  if (rejected.length === 0) return [];
  const named = rejected.slice(0, 3).map(({ line, why }) => `line ${line}: ${why}`);
  const more = rejected.length > named.length ? `; and ${count(rejected.length - named.length)} more` : '';
  const rows = counted(rejected.length, `${what} row`);
  return [`${rows} of ${count(good + rejected.length)} made no sense (${named.join('; ')}${more})`];
}
