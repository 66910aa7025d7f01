import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newCustomer } from '../support/customer.ts';
import { shop } from '../support/servers.ts';
import { overhang, seriousFindings } from './accessibility.ts';
import type { Browser, Visitor } from './browser.ts';
import { type Props, scenes } from './scenes.ts';
import { openShopBrowser } from './shared-shop.ts';

const customer = newCustomer();
let browser: Browser;
let props: Props;
beforeAll(async () => {
  browser = await openShopBrowser();
  const [confirmed = '', cancelled = ''] = await Promise.all(
    ['tok_ok', 'tok_declined'].map(async (card) => {
      const { id } = await customer.place(card, [{ sku: 'DB-1173', quantity: 2 }]);
      await customer.ended(id);
      return id;
    }),
  );
  props = { confirmed, cancelled, token: shop().operatorToken };
});
afterAll(() => browser.close());

const visitors: (Visitor & { who: string })[] = [
  { who: 'on a phone by day', width: 390, height: 844, colorScheme: 'light' },
  { who: 'on a laptop by night', width: 1280, height: 900, colorScheme: 'dark' },
  { who: 'on a projector by day', width: 1920, height: 1080, colorScheme: 'light' },
];

describe.each(scenes)('When somebody looks at $name', ({ place, ready }) => {
  test.each(visitors)(
    '$who, then axe finds nothing serious, and nothing is beyond the edge',
    async (visitor) => {
      await browser.visit(place(props), visitor, async (page) => {
        await ready(page);
        expect(await seriousFindings(page)).toEqual([]);
        expect(await overhang(page)).toBe(0);
      });
    },
  );
});

test.each(scenes)('When $name is opened, then something is seen within a second', async ({ place }) => {
  await browser.visit(place(props), {}, async (page) => {
    await page.getByRole('main').waitFor();
    const paintedAtMs = await page.evaluate<number>(
      'performance.getEntriesByName("first-contentful-paint")[0].startTime',
    );
    expect(paintedAtMs).toBeLessThan(1_000);
  });
});
