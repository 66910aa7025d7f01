import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { available, newCustomer } from '../support/customer.ts';
import type { Browser } from './browser.ts';
import { fillBasket, placeOrder, standsAs } from './pages.ts';
import { openShopBrowser } from './shared-shop.ts';

const customer = newCustomer();
const email = `${randomUUID()}@example.com`;
let browser: Browser;
beforeAll(async () => {
  browser = await openShopBrowser();
});
afterAll(() => browser.close());

describe('When somebody buys', () => {
  test('with a good card, then the page shows the order confirmed, and all of how it came to that', async () => {
    await browser.visit('/', {}, async (page) => {
      await fillBasket(page, { product: 'Copper Storage Basket', card: 'tok_ok', email });
      const id = await placeOrder(page);
      await standsAs(page, 'confirmed');
      await page.getByRole('heading', { level: 1, name: `Order ${id}` }).waitFor();
      await page.getByRole('figure', { name: 'Saga' }).getByText('completed', { exact: true }).waitFor();
      const timeline = page.getByRole('list', { name: 'Timeline' });
      for (const message of [/reserve stock/i, /stock reserved/i, /payment captured/i, /order confirmed/i])
        await timeline.getByText(message).first().waitFor();
      await page
        .getByRole('region', { name: 'E-mail' })
        .getByText(/confirmed/i)
        .waitFor();
      await page.getByRole('figure', { name: 'Trace' }).getByText('payment').first().waitFor();
      expect(await timeline.innerText()).not.toContain(email);
      expect(await customer.ended(id)).toMatchObject({ status: 'confirmed', totalCents: 2_270 });
    });
  });

  test('with a declined card, then the page tells why, and the stock is given back', async () => {
    const before = await available('DB-1161');
    await browser.visit('/', {}, async (page) => {
      await fillBasket(page, { product: 'Linen Storage Basket', card: 'tok_declined', email });
      await placeOrder(page);
      await standsAs(page, 'cancelled');
      await page.getByText(/card was declined/i).waitFor();
      const timeline = page.getByRole('list', { name: 'Timeline' });
      await timeline
        .getByText(/release stock/i)
        .first()
        .waitFor();
      await timeline
        .getByText(/stock released/i)
        .first()
        .waitFor();
    });
    expect(await available('DB-1161')).toBe(before);
  });

  test('and the answer is lost, then it is sent again, and it is one order', async () => {
    const sent: (string | undefined)[] = [];
    await browser.visit('/', {}, async (page) => {
      await page.route('**/orders', async (route) => {
        sent.push(route.request().headers()['idempotency-key']);
        if (sent.length > 1) return route.continue();
        await route.fetch();
        await route.abort('connectionreset');
      });
      await fillBasket(page, { product: 'Harbour Storage Basket', card: 'tok_ok', email });
      await placeOrder(page);
      await standsAs(page, 'confirmed');
    });
    expect(sent).toHaveLength(2);
    expect(new Set(sent).size).toBe(1);
  });

  test('with the keyboard alone, then it is confirmed as well', async () => {
    await browser.visit('/', {}, async (page) => {
      await page.getByRole('searchbox', { name: 'Search products' }).focus();
      await page.keyboard.type('Meadow Storage');
      const add = page.getByRole('button', { name: 'Add Meadow Storage Basket to basket' });
      await add.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Basket', exact: true }).focus();
      await page.keyboard.press('Space');
      await page.getByRole('textbox', { name: 'E-mail' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/orders/*');
      await standsAs(page, 'confirmed');
    });
  });
});

test('When nothing is called so, then the shop window says so', async () => {
  await browser.visit('/', {}, async (page) => {
    await page.getByRole('searchbox', { name: 'Search products' }).fill('zeppelin');
    await page
      .getByText(/zeppelin/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: /^Add / }).count()).toBe(0);
  });
});

test('When there is no such order, then its page says so', async () => {
  await browser.visit('/orders/01900000-0000-7000-8000-000000000000', {}, async (page) => {
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('list', { name: 'Timeline' }).count()).toBe(0);
  });
});
