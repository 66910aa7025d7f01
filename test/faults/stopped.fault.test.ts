import { DoorView } from '@doorbuster/contracts';
import { type Shop, silentProgress, startShop } from '@doorbuster/stack';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { audit } from '../audit/audit.ts';
import { sourcesOf } from '../audit/sources.ts';
import { latenciesOf } from '../load/percentiles.ts';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';

// Breaks: one of two instances, by SIGSTOP: it accepts connections and never says anything. Must hold: the door goes
// on with the other one, what it fails is no more than was under way, retries stay a tenth of the requests, and I1 to
// I8 once the instance goes on.

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ progress: silentProgress, instances: 2, traceShare: 0 });
});
afterAll(() => shop.stop());

const authorization = () => ({ authorization: `Bearer ${shop.info.operatorToken}` });

async function tell(instance: string, action: 'pause' | 'resume'): Promise<void> {
  const url = `${shop.info.supervisor}/processes/${instance}/${action}`;
  const response = await fetch(url, { method: 'POST', headers: authorization() });
  expect(response.status).toBe(200);
}

/** What the door says of the service. */
async function seenByDoor(service: string) {
  const response = await fetch(`${shop.info.gateway}/admin/instances`, { headers: authorization() });
  const seen = DoorView.parse(await response.json()).services.find((one) => one.service === service);
  if (seen === undefined) throw new Error(`The door does not know ${service}`);
  return seen;
}

const isIn = async (instance: string): Promise<boolean> => {
  const [service = ''] = instance.split('-');
  return (await seenByDoor(service)).instances.some(({ id, state }) => id === instance && state === 'in');
};

interface Answer {
  status: number;
  ms: number;
}

const clients = 6;

/** Clients that order and read, each one request after the other, until they are told to stop. */
function startClients() {
  const customer = newCustomer(shop.info.gateway);
  const answers: Answer[] = [];
  let isOver = false;

  async function timed(ask: () => Promise<Response>): Promise<Response> {
    const startedAt = performance.now();
    const response = await ask();
    answers.push({ status: response.status, ms: performance.now() - startedAt });
    return response;
  }

  async function shopper(n: number): Promise<void> {
    const body = customer.order('tok_ok', [{ sku: `DB-${1_050 + n}`, quantity: 1 }]);
    for (let i = 0; !isOver; i++) {
      const accepted = await timed(() => customer.post(body, { 'idempotency-key': `${n}-${i}` }));
      const location = accepted.headers.get('location') ?? '/products?limit=10';
      await accepted.text();
      for (const path of [location, '/products?limit=10', '/stock/DB-1050', location]) {
        await (await timed(() => fetch(`${shop.info.gateway}${path}`))).text();
      }
    }
  }

  const shopping = Promise.all(Array.from({ length: clients }, (_, n) => shopper(n)));
  return {
    answers,
    async stop() {
      isOver = true;
      await shopping;
    },
  };
}

test.each(['order-1', 'payment-1'])(
  'When %s is stopped under load, then the door goes on, and afterwards every book agrees',
  async (victim) => {
    const [service = ''] = victim.split('-');
    const { answers, stop } = startClients();
    await eventually('the shop sells', async () => answers.length > 500 && (await isIn(victim)));
    const before = answers.length;
    await tell(victim, 'pause');
    await eventually('it is passed over', async () => !(await isIn(victim)));
    const passedOver = answers.length;
    await eventually('the door goes on', () => answers.length > passedOver + 500);
    const meanwhile = answers.slice(before);
    await tell(victim, 'resume');
    await eventually('it is back', () => isIn(victim));
    const back = answers.length;
    await eventually('all is as before', () => answers.length > back + 200);
    await stop();

    const failed = meanwhile.filter(({ status }) => status >= 300);
    const seen = await Promise.all([seenByDoor('order'), seenByDoor(service)]);
    console.log(
      JSON.stringify({
        victim,
        answers: meanwhile.length,
        failed: failed.map(({ status }) => status),
        milliseconds: latenciesOf(meanwhile.map(({ ms }) => ms)),
        retries: seen.map((one) => `${one.service}: ${one.retries} of ${one.requests}`),
      }),
    );
    // Each client waits for one answer at a time.
    expect(failed.length).toBeLessThanOrEqual(clients);
    for (const { requests, retries } of seen) expect(retries).toBeLessThanOrEqual(requests / 10);
    const report = await eventually(
      'the books are quiet',
      async () => {
        const audited = await audit(sourcesOf(shop.info));
        return audited.verdict === 'PASS' && audited;
      },
      120_000,
    );
    expect(report.verdict).toBe('PASS');
  },
  300_000,
);
