import { ControlSnapshot } from '@doorbuster/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { acceptStockReserved, mendAfterEach, refuseStockReserved } from '../support/bugs.ts';
import { newCustomer } from '../support/customer.ts';
import { readEvents } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { admin, letterOf } from '../support/operator.ts';
import { shop } from '../support/servers.ts';
import { processOf } from '../support/supervisor.ts';
import type { Browser } from './browser.ts';
import { inState, numberOf, press } from './pages.ts';
import { controlRoom, openShopBrowser } from './shared-shop.ts';

// The poison comes last: it leaves a dead letter behind, with which no verdict on a whole run holds.

const customer = newCustomer();
let browser: Browser;
beforeAll(async () => {
  browser = await openShopBrowser();
});
afterAll(() => browser.close());
mendAfterEach();

const atTheDesk = (look: (page: Page) => Promise<void>): Promise<void> =>
  browser.visit(controlRoom(), {}, look);

const done = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByRole('region', { name: 'What was done' }).getByText(text).first().waitFor();

/** What every viewer is told at this moment. */
async function snapshot(): Promise<ControlSnapshot> {
  const leaving = new AbortController();
  const response = await fetch(`${shop().gateway}/control/events`, { signal: leaving.signal });
  try {
    for await (const { event, data = '' } of readEvents(response.body ?? new ReadableStream()))
      if (event === 'snapshot') return ControlSnapshot.parse(JSON.parse(data));
  } finally {
    leaving.abort();
  }
  throw new Error('No snapshot came');
}

const Report = z.object({
  orders: z.object({ accepted: z.int(), shed: z.int() }),
  invariants: z.array(z.object({ id: z.string(), evidence: z.string() })),
});

describe('When somebody comes to the control room', () => {
  test('without the token, then it is read-only, and says how to get one', async () => {
    await browser.visit('/control', {}, async (page) => {
      await page.getByRole('heading', { name: 'Control room' }).waitFor();
      await inState(page, 'instance-order-1', 'state', 'healthy').waitFor();
      await page.getByText('npm start').first().waitFor();
      for (const name of ['Start the spike', 'Kill order-1', 'Slow the acquirer', 'Send a poison message'])
        expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
    });
    const asked = await admin('/control/twice', { on: true }, '');
    expect(asked.status).toBe(401);
  });

  test('with a wrong token, then it stays read-only, and says so', async () => {
    await browser.visit('/control#token=not-the-token-at-all', {}, async (page) => {
      await page.getByRole('alert').getByText(/token/i).waitFor();
      expect(await page.getByRole('button', { name: 'Start the spike' }).isDisabled()).toBe(true);
    });
  });

  test('with the token, then it leaves the address at once, and is kept when the page is loaded again', async () => {
    await atTheDesk(async (page) => {
      const start = page.getByRole('button', { name: 'Start the spike', disabled: false });
      await start.waitFor();
      expect(page.url()).toBe(`${shop().gateway}/control`);
      await page.reload();
      await start.waitFor();
    });
  });
});

test('When messages flow, then nothing on the page moves by itself, which would be painted all the time', async () => {
  await browser.visit('/control', { motion: true }, async (page) => {
    await inState(page, 'instance-order-1', 'state', 'healthy').waitFor();
    // What is out of sight does not move in any case.
    await page.getByRole('figure', { name: 'Services and messages' }).scrollIntoViewIfNeeded();
    await eventually('the page shows what flows', async () => {
      await customer.place('tok_ok', [{ sku: 'DB-1166', quantity: 1 }]);
      return (await page.locator('.flow:not([data-stream="0"])').count()) > 0;
    });
    expect(await page.evaluate<number>('document.getAnimations().length')).toBe(0);
  });
});

test('When a spike is watched to its end, then the numbers on the page are those of its report', async () => {
  await atTheDesk(async (page) => {
    await inState(page, 'connection', 'state', 'live').waitFor();
    await inState(page, 'instance-order-1', 'state', 'healthy').waitFor();
    const before = (await snapshot()).totals;
    await page.getByLabel('Seconds').fill('10');
    await page.getByLabel('Orders/s').fill('5');
    await page.getByLabel('At the peak').fill('40');
    await press(page, 'Start the spike');
    await page.getByRole('button', { name: 'Stop the spike' }).waitFor();
    await inState(page, 'verdict', 'final', 'true').waitFor({ timeout: 90_000 });
    await inState(page, 'verdict', 'verdict', 'PASS').waitFor();
    const { spike } = await snapshot();
    const { orders, invariants } = Report.parse(spike?.report);
    expect(orders.accepted).toBeGreaterThan(100);
    await eventually('the page has counted all of it', async () => {
      const ended = (await numberOf(page, 'total-confirmed')) + (await numberOf(page, 'total-cancelled'));
      return ended - before.confirmed - before.cancelled === orders.accepted;
    });
    expect((await numberOf(page, 'total-accepted')) - before.accepted).toBe(orders.accepted);
    expect((await numberOf(page, 'total-shed')) - before.shed).toBe(orders.shed);
    for (const { id, evidence } of invariants) {
      const tile = inState(page, `verdict-${id}`, 'holds', 'true');
      expect(await tile.innerText()).toContain(evidence);
    }
  });
}, 180_000);

describe('When an instance', () => {
  test('is killed, then it is seen to go and to come back as another process', async () => {
    const before = await processOf('order-1');
    await atTheDesk(async (page) => {
      const healthy = inState(page, 'instance-order-1', 'state', 'healthy');
      await healthy.waitFor();
      await press(page, 'Kill order-1');
      await healthy.waitFor({ state: 'detached' });
      await healthy.waitFor();
      await done(page, /order-1 is killed/);
    });
    expect((await processOf('order-1')).pid).not.toBe(before.pid);
  });

  test('is paused, then it is seen so until it goes on', async () => {
    await atTheDesk(async (page) => {
      await press(page, 'Pause notification-1');
      await inState(page, 'instance-notification-1', 'state', 'paused').waitFor();
      await press(page, 'Resume notification-1');
      await inState(page, 'instance-notification-1', 'state', 'healthy').waitFor();
    });
  });

  test('is added and taken away again, then it is seen to come and to go', async () => {
    await atTheDesk(async (page) => {
      const healthy = inState(page, 'instance-notification-2', 'state', 'healthy');
      await press(page, 'One more notification');
      await healthy.waitFor();
      await press(page, 'One less notification');
      await healthy.waitFor({ state: 'detached' });
    });
  });
});

describe('When something is switched on', () => {
  const knobs = async (): Promise<unknown> => (await fetch(`${shop().acquirer}/knobs`)).json();

  test.each([
    ['Slow the acquirer', 'latencyMs'],
    ['Decline cards', 'declinePercent'],
    ['Lose answers', 'lostAnswerPercent'],
  ])('%s, then the acquirer does it until it is switched off', async (name, knob) => {
    await atTheDesk(async (page) => {
      await press(page, name);
      await page.getByRole('button', { name, pressed: true }).waitFor();
      expect(await knobs()).toHaveProperty(knob, expect.any(Number));
      expect(await knobs()).not.toHaveProperty(knob, 0);
      await press(page, name);
      await page.getByRole('button', { name, pressed: false }).waitFor();
      expect(await knobs()).toHaveProperty(knob, 0);
    });
  });

  test('for Kafka to be silent, then orders wait, and end when it answers', async () => {
    await atTheDesk(async (page) => {
      await press(page, 'Cut Kafka off');
      await page.getByRole('button', { name: 'Let Kafka answer' }).waitFor();
      const { id } = await customer.place('tok_ok', [{ sku: 'DB-1167', quantity: 1 }]);
      expect(await customer.look(id)).toMatchObject({ status: 'open' });
      await press(page, 'Let Kafka answer');
      await page.getByRole('button', { name: 'Cut Kafka off' }).waitFor();
      await customer.ended(id);
    });
  });

  test('for everything to come twice, then duplicates are stopped, and nothing else changes', async () => {
    await atTheDesk(async (page) => {
      await inState(page, 'instance-order-1', 'state', 'healthy').waitFor();
      const before = await numberOf(page, 'duplicates-stopped');
      await press(page, 'Send everything twice');
      await page.getByRole('button', { name: 'Send everything twice', pressed: true }).waitFor();
      const { id } = await customer.place('tok_ok', [{ sku: 'DB-1168', quantity: 1 }]);
      expect(await customer.ended(id)).toMatchObject({ status: 'confirmed' });
      await eventually('duplicates are stopped', async () => {
        return (await numberOf(page, 'duplicates-stopped')) > before;
      });
      await inState(page, 'verdict', 'verdict', 'PASS').waitFor();
      await press(page, 'Send everything twice');
      await page.getByRole('button', { name: 'Send everything twice', pressed: false }).waitFor();
    });
  });
});

describe('When there is a dead letter', () => {
  test('whose cause is mended, then it is replayed here', async () => {
    await refuseStockReserved(37);
    const { id } = await customer.place('tok_ok', [{ sku: 'DB-1169', quantity: 37 }]);
    const letter = await letterOf('order', id);
    await acceptStockReserved();
    await atTheDesk(async (page) => {
      const replay = page
        .getByRole('region', { name: 'Dead letters' })
        .getByRole('button', { name: `Replay order ${letter.id}` });
      await replay.click();
      await replay.waitFor({ state: 'detached' });
    });
    expect(await customer.ended(id)).toBeDefined();
    const replayed = await letterOf('order', id);
    expect(replayed.replayedAt).not.toBeNull();
  });

  test('because somebody sent poison, then it is listed, and orders go on', async () => {
    await atTheDesk(async (page) => {
      await press(page, 'Send a poison message');
      const letters = page.getByRole('region', { name: 'Dead letters' });
      await letters
        .getByRole('button', { name: /^Replay payment \d+$/ })
        .first()
        .waitFor();
      const { id } = await customer.place('tok_ok', [{ sku: 'DB-1170', quantity: 1 }]);
      expect(await customer.ended(id)).toMatchObject({ status: 'confirmed' });
    });
  });
});
