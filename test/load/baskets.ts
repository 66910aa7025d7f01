import { LINES_MAX, type Line, type Product } from '@doorbuster/contracts';
import { type Random, wholeBetween } from './random.ts';

export interface Baskets {
  baskets: Line[][];
  /** Rows that make no sense, each with why. */
  rejected: { line: number; why: string }[];
}

/** Reads baskets, one a line: comma-separated SKUs, one item each; repeats add up to a quantity. */
export function parseBaskets(text: string, products: readonly Product[]): Baskets {
  const known = new Set(products.map(({ sku }) => sku));
  const result: Baskets = { baskets: [], rejected: [] };
  for (const [n, row] of text.split(/\r?\n/).entries()) {
    if (row.trim() === '') continue;
    const skus = row.split(',').map((sku) => sku.trim());
    const why = faultOf(skus, known);
    if (why === undefined) result.baskets.push(addUp(skus));
    else result.rejected.push({ line: n + 1, why });
  }
  return result;
}

function faultOf(skus: string[], known: ReadonlySet<string>): string | undefined {
  const stranger = skus.find((sku) => !known.has(sku));
  if (stranger !== undefined) return stranger === '' ? 'an empty SKU' : `${stranger} is not in the catalogue`;
  const lines = new Set(skus).size;
  return lines > LINES_MAX ? `${lines} lines, more than ${LINES_MAX}` : undefined;
}

function addUp(skus: string[]): Line[] {
  const quantities = new Map<string, number>();
  for (const sku of skus) quantities.set(sku, (quantities.get(sku) ?? 0) + 1);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}

const GENERATED = 5_000;
const LINES_OF_GENERATED = 8;
/** As of Zipf: the n-th most popular product is wanted 1/n^s as often as the first. */
const POPULARITY_EXPONENT = 0.8;

/** Makes baskets up, where nobody brought real ones. */
export function generateBaskets(products: readonly Product[], random: Random): Line[][] {
  const pick = popular(products, random);
  return Array.from({ length: GENERATED }, () => {
    const skus = Array.from({ length: wholeBetween(random, 1, LINES_OF_GENERATED) }, pick);
    return [...new Set(skus)].map((sku) => ({
      sku,
      quantity: random() < 0.8 ? 1 : wholeBetween(random, 2, 4),
    }));
  });
}

/** Draws SKUs by popularity: a random point on the summed-up weights, found by halving. */
function popular(products: readonly Product[], random: Random): () => string {
  let total = 0;
  const upTo = products.map((_, n) => {
    total += 1 / (n + 1) ** POPULARITY_EXPONENT;
    return total;
  });
  return () => {
    const point = random() * total;
    let [low, high] = [0, upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 0) > point) high = middle;
      else low = middle + 1;
    }
    return products[low]?.sku ?? '';
  };
}

/** The SKU that most baskets hold. */
export function hottestSku(baskets: readonly Line[][]): string {
  const wanted = new Map<string, number>();
  for (const { sku } of baskets.flat()) wanted.set(sku, (wanted.get(sku) ?? 0) + 1);
  const [hottest] = [...wanted].sort(([, a], [, b]) => b - a);
  return hottest?.[0] ?? '';
}
