import type { Product } from '@doorbuster/contracts';
import { useState } from 'preact/hooks';
import { keep, recall } from '../kit/session.ts';

export interface BasketLine extends Product {
  quantity: number;
}

/** The most of one product that the window lets into a basket; the shop itself takes more. */
export const QUANTITY_MAX = 99;

/** Puts a number of a product into the basket; none takes its line out. */
export function withQuantity(lines: readonly BasketLine[], product: Product, quantity: number): BasketLine[] {
  const kept = Math.min(QUANTITY_MAX, Math.max(0, Math.trunc(quantity) || 0));
  const { sku, name, priceCents } = product;
  if (kept === 0) return lines.filter((line) => line.sku !== sku);
  const changed = { sku, name, priceCents, quantity: kept };
  return lines.some((line) => line.sku === sku)
    ? lines.map((line) => (line.sku === sku ? changed : line))
    : [...lines, changed];
}

const quantityIn = (lines: readonly BasketLine[], sku: string): number =>
  lines.find((line) => line.sku === sku)?.quantity ?? 0;

export const itemsIn = (lines: readonly BasketLine[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);
export const totalOf = (lines: readonly BasketLine[]): number =>
  lines.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);

/** The basket of this tab. */
export function useBasket() {
  const [lines, setLines] = useState<BasketLine[]>(() => recall('basket') ?? []);
  // From what is there at that moment: two clicks may come before the page is drawn again.
  const set = (product: Product, quantity: (was: number) => number) =>
    setLines((was) => {
      const next = withQuantity(was, product, quantity(quantityIn(was, product.sku)));
      keep('basket', next);
      return next;
    });
  return {
    lines,
    quantityOf: (sku: string) => quantityIn(lines, sku),
    set: (product: Product, quantity: number) => set(product, () => quantity),
    add: (product: Product) => set(product, (was) => was + 1),
    clear() {
      keep('basket', undefined);
      setLines([]);
    },
  };
}
export type Basket = ReturnType<typeof useBasket>;
