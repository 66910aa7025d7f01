import type { Page } from 'playwright-core';
import { controlRoom, fillBasket, inState, standsAs } from './pages.ts';

/** What the screens are looked at with. */
export interface Props {
  /** Orders that ended so, by their ids. */
  confirmed: string;
  cancelled: string;
  /** The operator’s. */
  token: string;
}

/** A screen in one of its states. */
export interface Scene {
  name: string;
  place(props: Props): string;
  /** Resolves when there is to be seen what the scene is about. */
  ready(page: Page): Promise<unknown>;
}

const hasTrace = (page: Page): Promise<void> => page.getByRole('figure', { name: 'Trace' }).waitFor();

/** All screens. */
export const scenes: readonly Scene[] = [
  {
    name: 'the shop window',
    place: () => '/',
    ready: (page) => page.getByRole('button', { name: /^Add / }).first().waitFor(),
  },
  {
    name: 'the checkout',
    place: () => '/',
    ready: (page) =>
      fillBasket(page, { product: 'Rustic Storage Basket', card: 'tok_ok', email: 'ann@example.com' }),
  },
  {
    name: 'a confirmed order',
    place: ({ confirmed }) => `/orders/${confirmed}`,
    ready: (page) => Promise.all([standsAs(page, 'confirmed'), hasTrace(page)]),
  },
  {
    name: 'a cancelled order',
    place: ({ cancelled }) => `/orders/${cancelled}`,
    ready: (page) => Promise.all([standsAs(page, 'cancelled'), hasTrace(page)]),
  },
  {
    name: 'an order that nobody placed',
    place: () => '/orders/01900000-0000-7000-8000-000000000000',
    ready: (page) => page.getByRole('alert').waitFor(),
  },
  {
    name: 'the control room, read-only',
    place: () => '/control',
    ready: (page) => inState(page, 'instance-order-1', 'state', 'healthy').waitFor(),
  },
  {
    name: 'the control room',
    place: ({ token }) => controlRoom(token),
    ready: async (page) => {
      await page.getByRole('button', { name: 'Kill order-1', disabled: false }).waitFor();
      await page.getByTestId('verdict-I8').waitFor();
    },
  },
];
