import {
  ControlHello,
  ControlSnapshot,
  OrderMails,
  OrderMessages,
  ProductPage,
  TraceView,
} from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import { newCustomer } from '../support/customer.ts';
import { readEvents } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { admin } from '../support/operator.ts';
import { shop } from '../support/servers.ts';

const customer = newCustomer();
const lines = [{ sku: 'DB-1090', quantity: 1 }];

/** Watches the control room until a snapshot is as it should be; gives that one, and what came first. */
async function watch(isEnough: (snapshot: ControlSnapshot) => boolean) {
  const response = await fetch(`${shop().gateway}/control/events`);
  let hello: ControlHello | undefined;
  for await (const { event, data = '' } of readEvents(response.body ?? new ReadableStream())) {
    if (event === 'hello') hello = ControlHello.parse(JSON.parse(data));
    if (event !== 'snapshot' || hello === undefined) continue;
    const snapshot = ControlSnapshot.parse(JSON.parse(data));
    if (isEnough(snapshot)) return { hello, snapshot };
  }
  throw new Error('The stream ended before it came to that');
}

const instancesOf = ({ services }: ControlSnapshot, service: string) =>
  services.find(({ name }) => name === service)?.instances ?? [];

describe('When somebody watches the shop', () => {
  test('then every instance is there and well, and tells what it takes', async () => {
    const { snapshot } = await watch(({ services }) =>
      services.every(
        ({ instances }) => instances.length > 0 && instances.every(({ cpuPercent }) => cpuPercent !== null),
      ),
    );
    const names = ['gateway', 'order', 'inventory', 'payment', 'notification', 'acquirer', 'mailbox'];
    expect(snapshot.services.map(({ name }) => name)).toEqual(names);
    for (const name of names) {
      const [one] = instancesOf(snapshot, name);
      expect([name, one?.id, one?.state]).toEqual([name, `${name}-1`, 'healthy']);
      expect(one?.memoryBytes).toBeGreaterThan(10_000_000);
    }
    expect(snapshot.hotStock).toHaveLength(10);
    expect(Object.keys(snapshot.lag).sort()).toEqual(['inventory', 'notification', 'order', 'payment']);
  });

  test('then an order is counted, confirmed, and seen to flow', async () => {
    const before = await watch(({ totals }) => totals.accepted >= 0);
    const flowing = watch(({ totals, confirmMs, traffic }) => {
      const isFlowing = traffic.some(
        ({ from, to, perS }) => from === 'payment' && to === 'order' && perS > 0,
      );
      return isFlowing && confirmMs !== null && totals.confirmed >= before.snapshot.totals.confirmed + 5;
    });
    // Enough to be seen whenever the readings are.
    const stop = new AbortController();
    const buying = (async () => {
      while (!stop.signal.aborted) await customer.ended((await customer.place('tok_ok', lines)).id);
    })();
    const { snapshot, hello } = await flowing.finally(() => stop.abort());
    await buying;
    expect(snapshot.totals.accepted).toBeGreaterThan(before.snapshot.totals.accepted);
    expect(snapshot.confirmMs?.p99).toBeGreaterThan(0);
    expect(snapshot.hotStock[0]?.name).not.toBe(snapshot.hotStock[0]?.sku);
    expect(hello.history.length).toBeGreaterThan(0);
    expect(hello.jaeger).toBe(shop().jaeger);
  });

  test('then each button that cannot work here says why', async () => {
    const { hello } = await watch(() => true);
    expect(hello.actions.acquirer).toBeNull();
    const response = await admin('/control/kill', { instance: 'order-1' });
    expect([response.status, await response.json()]).toEqual([
      409,
      expect.objectContaining({ detail: hello.actions.kill }),
    ]);
  });
});

describe('When an operator turns a knob of the acquirer', () => {
  test('then cards are declined, it shows, and it is marked on the charts', async () => {
    const done = await admin('/control/acquirer', { declinePercent: 100 });
    expect(done.status).toBe(200);
    const ended = await customer.ended((await customer.place('tok_ok', lines)).id);
    const { snapshot } = await watch(({ faults }) => faults.acquirer?.declinePercent === 100);
    await admin('/control/acquirer', { declinePercent: 0 });
    expect(ended).toMatchObject({ status: 'cancelled', reason: 'card-declined' });
    expect(snapshot.marks.map(({ text }) => text)).toContain('The acquirer: declines 100 %');
  });

  test('without the token, then it stays as it was', async () => {
    const response = await admin('/control/acquirer', { declinePercent: 100 }, 'Bearer wrong');
    expect(response.status).toBe(401);
    expect((await admin('/whoami', undefined, 'Bearer wrong')).status).toBe(401);
    expect((await admin('/whoami')).status).toBe(204);
    const { snapshot } = await watch(({ faults }) => faults.acquirer !== null);
    expect(snapshot.faults.acquirer?.declinePercent).toBe(0);
  });
});

describe('When one order is looked into', () => {
  const look = async (id: string, what: string) => {
    const response = await fetch(`${shop().gateway}/orders/${id}/${what}`);
    return response.status === 200 ? response.json() : response.status;
  };

  test('then every message about it is there, from Kafka, in order, without the card and the address', async () => {
    const { id } = await customer.place('tok_ok', lines);
    await customer.ended(id);
    const text = JSON.stringify(await look(id, 'messages'));
    const { items } = OrderMessages.parse(JSON.parse(text));
    expect(items.map(({ from, type }) => `${from} ${type}`)).toEqual([
      'order ReserveStock',
      'inventory StockReserved',
      'order CapturePayment',
      'payment PaymentCaptured',
      'order OrderConfirmed',
      'inventory StockCommitted',
    ]);
    expect(items.every(({ data }) => JSON.stringify(data).includes(id))).toBe(true);
    expect(text).not.toMatch(/tok_ok|@example/);
  });

  test('then its mail is there', async () => {
    const { id } = await customer.place('tok_declined', lines);
    const mails = await eventually('the customer is told', async () => {
      const { items } = OrderMails.parse(await look(id, 'mails'));
      return items.length > 0 && items;
    });
    expect(mails).toHaveLength(1);
    expect(mails[0]?.messageId).toContain(id);
  });

  test('then its trace is there, with every service', async () => {
    const { id } = await customer.place('tok_ok', lines);
    const trace = await eventually('Jaeger has all of the trace', async () => {
      const found = TraceView.safeParse(await look(id, 'trace'));
      return (
        found.success && new Set(found.data.spans.map(({ service }) => service)).size === 6 && found.data
      );
    });
    expect(trace.link).toBe(`${shop().jaeger}/trace/${trace.traceId}`);
    const roots = trace.spans.filter(({ parentId }) => parentId === null);
    expect(roots).toMatchObject([{ service: 'gateway', name: 'POST /orders', isError: false }]);
    expect(Math.min(...trace.spans.map(({ startMs }) => startMs))).toBe(0);
  });

  test('and nobody knows it, then all of that is 404', async () => {
    for (const id of ['x', '01900000-0000-7000-8000-000000000000'])
      for (const what of ['messages', 'mails', 'trace'])
        expect([id, what, await look(id, what)]).toEqual([id, what, 404]);
  });

  test('by too many at once, then some are asked to come later, and none is left waiting', async () => {
    const { id } = await customer.place('tok_ok', lines);
    await customer.ended(id);
    const url = `${shop().gateway}/orders/${id}/messages`;
    const responses = await Promise.all(Array.from({ length: 6 }, () => fetch(url)));
    const statuses = responses.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    for (const response of responses) {
      if (response.status === 503) expect(response.headers.get('retry-after')).toBe('1');
      await response.text();
    }
    await eventually('there is room again', async () => (await fetch(url)).status === 200);
  });
});

test('When products are looked for by their words, then only those that have them are found', async () => {
  const response = await fetch(`${shop().gateway}/products?q=lamp+IVORY`);
  const { items } = ProductPage.parse(await response.json());
  expect(items.length).toBeGreaterThan(0);
  expect(items.every(({ name }) => /ivory/i.test(name) && /lamp/i.test(name))).toBe(true);
  expect((await fetch(`${shop().gateway}/products?q=${'x'.repeat(65)}`)).status).toBe(400);
});
