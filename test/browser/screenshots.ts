/**
 * `npm run screenshots`: the pictures of the README, of a real Black Friday and a real order. With `--look FOLDER` also
 * every screen as phones, laptops and projectors show it, by day and by night, for people to look at.
 */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  onTermination,
  readArguments,
  runProgram,
  SetupError,
  type Shop,
  showProgress,
  startShop,
} from '@doorbuster/stack';
import type { Page } from 'playwright-core';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { type Browser, openBrowser } from './browser.ts';
import { findChrome } from './find-chrome.ts';
import { controlRoom, inState, press, standsAs } from './pages.ts';
import { type Props, scenes } from './scenes.ts';

const docsFolder = path.resolve(import.meta.dirname, '../../docs/images');
/** Whoever clones the repository fetches every picture that ever was. */
const bytesMax = 300_000;
const laptop = { width: 1280, height: 800, scale: 1.25 };
const widths = [390, 1280, 1920];
const colorSchemes = ['light', 'dark'] as const;
const spike = { Seconds: 60, 'Orders/s': 10, 'At the peak': 90 };
/** When the rush is on, and when it is over, as seconds of the spike. */
const [killAtS, overAtS] = [24, 52];

const ending = new AbortController();
const { signal } = ending;
onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));

await runProgram(async () => {
  const options = { look: { type: 'string' } } as const;
  const { values } = readArguments({ options }, 'the one option is --look FOLDER');
  const progress = showProgress();
  await findChrome({ progress, signal });
  const shop = await startShop({ progress, signal, desk: true }).finally(progress.close);
  try {
    const browser = await openBrowser({ origin: shop.info.gateway, picturesFolder: shop.info.runDir });
    try {
      await picture(shop, browser, values.look);
    } finally {
      await browser.close();
    }
  } finally {
    await shop.stop();
  }
});

async function picture(shop: Shop, browser: Browser, lookFolder: string | undefined): Promise<void> {
  await mkdir(docsFolder, { recursive: true });
  const props = await buy(shop);
  await Promise.all(colorSchemes.map((colorScheme) => pictureOrder(browser, colorScheme, props.confirmed)));
  await pictureSpike(browser, props.token);
  if (lookFolder !== undefined) await look(browser, props, lookFolder);
}

/** Orders to be looked at. The first ones of a shop are slow; nobody would see the usual in them. */
async function buy({ info }: Shop): Promise<Props> {
  const customer = newCustomer(info.gateway);
  const place = async (card: string): Promise<string> => {
    const { id } = await customer.place(card, [
      { sku: 'DB-1000', quantity: 1 },
      { sku: 'DB-1163', quantity: 2 },
    ]);
    await customer.ended(id);
    return id;
  };
  for (let n = 0; n < 50; n++) await place('tok_ok');
  return {
    confirmed: await place('tok_ok'),
    cancelled: await place('tok_declined'),
    token: info.operatorToken,
  };
}

async function pictureOrder(
  browser: Browser,
  colorScheme: (typeof colorSchemes)[number],
  orderId: string,
): Promise<void> {
  await browser.visit(`/orders/${orderId}`, { ...laptop, colorScheme }, async (page) => {
    await standsAs(page, 'confirmed');
    await page.getByRole('figure', { name: 'Trace' }).waitFor();
    await keep(page, `order-${colorScheme}`);
  });
}

/** A spike as two people watch it, one by day and one by night; in the middle of it an instance is killed. */
async function pictureSpike(browser: Browser, token: string): Promise<void> {
  const [day, night] = colorSchemes.map((colorScheme) => ({ ...laptop, colorScheme }));
  await browser.visit('/control', night ?? {}, (dark) =>
    browser.visit(controlRoom(token), day ?? {}, async (light) => {
      for (const [label, value] of Object.entries(spike)) await light.getByLabel(label).fill(String(value));
      await press(light, 'Start the spike');
      const startedAt = performance.now();
      const isOld = (seconds: number) =>
        eventually(`the spike is ${seconds} s old`, () => performance.now() - startedAt > 1_000 * seconds);
      await isOld(killAtS);
      await press(light, 'Kill inventory-1');
      await isOld(overAtS);
      for (const page of [light, dark]) await inState(page, 'verdict', 'verdict', 'PASS').waitFor();
      await keep(light, 'control-light');
      await keep(dark, 'control-dark');
      await inState(light, 'verdict', 'final', 'true').waitFor({ timeout: 120_000 });
    }),
  );
}

async function keep(page: Page, name: string): Promise<void> {
  const file = path.join(docsFolder, `${name}.png`);
  // A button far below may have been pressed.
  await page.evaluate('scrollTo(0, 0)');
  await page.screenshot({ path: file });
  const { size } = await stat(file);
  if (size > bytesMax) throw new Error(`${file} has ${size} bytes; ${bytesMax} are the most`);
  console.log(`${path.relative(process.cwd(), file)}: ${Math.round(size / 1_000)} kB`);
}

async function look(browser: Browser, props: Props, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, place, ready } of scenes) {
    for (const width of widths) {
      for (const colorScheme of colorSchemes) {
        await browser.visit(place(props), { width, colorScheme }, async (page) => {
          await ready(page);
          // What is out of sight is neither laid out nor drawn.
          const height = await page.evaluate<number>('document.documentElement.scrollHeight');
          await page.setViewportSize({ width, height });
          const words = [name.replaceAll(/[^a-z]+/g, '-'), width, colorScheme];
          await page.screenshot({ path: path.join(folder, `${words.join('-')}.png`), fullPage: true });
        });
      }
    }
  }
  console.log(`All screens are in ${folder}`);
}
