import { tmpdir } from 'node:os';
import { openBrowser } from '../../browser/browser.ts';
import { connectionIs } from '../../browser/pages.ts';

/**
 * Opens the control room in so many pages of a browser and resolves when all of them are live. The browser is on this
 * machine and counts as the machine's noise: what it takes to draw is taken from the shop.
 */
export async function openControlRooms(origin: string, pages: number): Promise<() => Promise<void>> {
  const browser = await openBrowser({ origin, picturesFolder: tmpdir() });
  const over = Promise.withResolvers<void>();
  const visits = Array.from({ length: pages }, () => {
    const live = Promise.withResolvers<void>();
    const visit = browser.visit('/control', { motion: true }, async (page) => {
      await connectionIs(page, 'live');
      live.resolve();
      await over.promise;
    });
    visit.catch(live.reject);
    return { live: live.promise, visit };
  });
  const close = async () => {
    over.resolve();
    await Promise.allSettled(visits.map(({ visit }) => visit));
    await browser.close();
  };
  await Promise.all(visits.map(({ live }) => live)).catch(async (error) => {
    await close();
    throw error;
  });
  return close;
}
