import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { processOf, supervise } from '../support/supervisor.ts';
import type { Browser } from './browser.ts';
import { connectionIs, numberOf, standsAs } from './pages.ts';
import { controlRoom, openShopBrowser } from './shared-shop.ts';

const customer = newCustomer();
let browser: Browser;
beforeAll(async () => {
  browser = await openShopBrowser();
});
afterAll(() => browser.close());

describe('When the connection is lost', () => {
  test('to the control room because the gateway is killed, then it says so, and goes on by itself', async () => {
    await browser.visit(controlRoom(), {}, async (page) => {
      await connectionIs(page, 'live');
      await supervise('processes/gateway-1/kill', {});
      await connectionIs(page, 'lost');
      await processOf('gateway-1');
      await connectionIs(page, 'live');
      const { id } = await customer.place('tok_ok', [{ sku: 'DB-1171', quantity: 1 }]);
      await customer.ended(id);
      await eventually('the page counts on', async () => (await numberOf(page, 'total-confirmed')) > 0);
      await page.getByRole('button', { name: 'Start the spike', disabled: false }).waitFor();
    });
  });

  test('to an order while it goes on, then it is shown all of it afterwards', async () => {
    const { id } = await customer.place('tok_slow', [{ sku: 'DB-1172', quantity: 1 }]);
    await browser.visit(`/orders/${id}`, {}, async (page) => {
      await connectionIs(page, 'live');
      await page.context().setOffline(true);
      await connectionIs(page, 'lost');
      expect(await customer.ended(id)).toMatchObject({ status: 'confirmed' });
      await standsAs(page, 'open');
      await page.context().setOffline(false);
      await standsAs(page, 'confirmed');
    });
  });
});
