import { readFile } from 'node:fs/promises';
import { type Line, parseCatalogue } from '@doorbuster/contracts';
import { generateBaskets } from '../../load/baskets.ts';
import { mulberry32 } from '../../load/random.ts';
import { hot } from './bench.ts';

const catalogue = new URL('../../../services/order/catalogue.csv', import.meta.url);

/** What is ordered under faults: anything but the product of which there are few. The same in every run. */
export async function goods(): Promise<Line[][]> {
  const { products } = parseCatalogue(await readFile(catalogue, 'utf8'));
  const plenty = products.filter(({ sku }) => sku !== hot.sku);
  return generateBaskets(plenty, mulberry32(1));
}
