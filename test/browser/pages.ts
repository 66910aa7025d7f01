import type { Locator, Page } from 'playwright-core';

/** The control room’s address, as the start prints it. */
export const controlRoom = (token: string): string => `/control#token=${token}`;

export interface Purchase {
  product: string;
  /** A card's token. */
  card: string;
  email: string;
}

/** Searches a product in the shop window, puts it in the basket and fills in the checkout. */
export async function fillBasket(page: Page, { product, card, email }: Purchase): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search products' }).fill(product);
  await page.getByRole('button', { name: `Add ${product} to basket` }).click();
  await page.getByRole('button', { name: 'Basket', exact: true }).click();
  const checkout = page.getByRole('form', { name: 'Checkout' });
  await checkout.getByRole('textbox', { name: 'E-mail' }).fill(email);
  await checkout.getByRole('combobox', { name: 'Card' }).selectOption(card);
}

/** Places the order and gives its id, as the address of its page has it. */
export async function placeOrder(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Place order' }).click();
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
  return page.url().slice(-36);
}

/** The order's page, once it says that the order stands so. */
export const standsAs = (page: Page, status: 'open' | 'confirmed' | 'cancelled'): Promise<void> =>
  page.getByTestId('order-status').getByText(status, { exact: true }).waitFor();

/** Something by its `data-testid` that has a `data-…` of this value. */
export const inState = (page: Page, testId: string, name: string, value: string): Locator =>
  page.locator(`[data-testid="${testId}"][data-${name}="${value}"]`);

/** The page’s connection, once it is so. */
export const connectionIs = (page: Page, state: 'live' | 'lost'): Promise<void> =>
  inState(page, 'connection', 'state', state).waitFor();

/** Presses a button by its accessible name, once it can be pressed. */
export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

/** A number of the control room, by its `data-testid`. */
export const numberOf = async (page: Page, testId: string): Promise<number> =>
  Number(await page.getByTestId(testId).getAttribute('data-value'));
