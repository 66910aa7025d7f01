import { ControlSnapshot, type DeskView } from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import { createKnown } from '../../src/control/known.ts';
import { type Sources, takeSnapshot } from '../../src/control/snapshot.ts';
import { counter, histogram, pulse } from './pulses.ts';

const now = 100_000;

/** A shop in which each instance has told of itself once, three seconds ago, and now. */
function shop(): Sources {
  const known = createKnown(0, () => now);
  const tell = (service: string, metrics: Parameters<typeof pulse>[0]['metrics'], cpuSeconds: number) => {
    const instance = `${service}-1`;
    known.take(service, pulse({ instance, at: now - 2_000 }));
    known.take(service, pulse({ instance, at: now, metrics: metrics ?? [], cpuSeconds }));
  };
  tell('gateway', [counter('doorbuster.door.requests', 20, { upstream: 'order' })], 0.5);
  const order = [
    counter('doorbuster.orders.accepted', 20),
    counter('doorbuster.orders.open', 7),
    histogram('doorbuster.saga.duration', [0, 0, 0, 90], { outcome: 'cancelled' }),
    histogram('doorbuster.saga.duration', [0, 10, 0, 0], { outcome: 'confirmed' }),
    counter('doorbuster.messages.handled', 40, { type: 'StockReserved' }),
    counter('doorbuster.outbox.age', 0.25),
    counter('doorbuster.consumer.lag', 3, { group: 'order', topic: 'a', partition: '1' }),
    counter('doorbuster.consumer.lag', 4, { group: 'order', topic: 'a', partition: '2' }),
  ];
  tell('order', order, 1);
  tell('inventory', [counter('doorbuster.stock.on_hand', 5, { sku: 'DB-1' })], 1);
  tell('payment', [histogram('doorbuster.effect.duration', [6, 0, 0, 0], { type: 'acquirer.capture' })], 1);
  const passing = (service: string): [string, Map<string, boolean>] => [
    service,
    new Map([[`${service}-1`, true]]),
  ];
  return {
    now,
    known,
    registered: new Map(['gateway', 'order', 'inventory', 'payment'].map(passing)),
    outside: ['acquirer'],
    door: [
      {
        service: 'order',
        requests: 0,
        retries: 0,
        retriesLeft: 0,
        instances: [{ id: 'order-1', state: 'out', cause: 'silent', inFlight: 0 }],
      },
    ],
    desk: { before: undefined, now: undefined },
    knobs: undefined,
    nameOf: (sku) => `the ${sku}`,
    marks: [],
    viewers: 1,
  };
}

const desk = (cpuSeconds: number): DeskView => ({
  processes: [
    { name: 'order-1', state: 'paused', cpuSeconds: 9, rssBytes: 1 },
    { name: 'kafka', state: 'ready', cpuSeconds, rssBytes: 5 },
    { name: 'desk-1', state: 'ready', cpuSeconds: 1, rssBytes: 5 },
  ],
  actions: {
    spike: null,
    kill: null,
    pause: null,
    scale: null,
    acquirer: null,
    kafka: null,
    poison: null,
    twice: null,
  },
  faults: { kafkaPaused: true, twice: false },
  spike: null,
  verdict: null,
  marks: [{ at: new Date(now - 5_000).toISOString(), text: 'order-1 paused' }],
});

const instanceIn = ({ services }: ControlSnapshot, id: string) =>
  services.flatMap(({ instances }) => instances).find((one) => one.id === id);

describe('When a snapshot is taken', () => {
  test('then it is as its contract says', () => {
    expect(ControlSnapshot.parse(takeSnapshot(shop()))).toEqual(takeSnapshot(shop()));
  });

  test('then numbers come from the instances, each from who knows it', () => {
    expect(takeSnapshot(shop())).toMatchObject({
      acceptedPerS: 10,
      totals: { accepted: 20 },
      openOrders: 7,
      outboxAgeMs: 250,
      lag: { order: 7 },
      hotStock: [{ sku: 'DB-1', name: 'the DB-1', onHand: 5 }],
    });
  });

  test('then cancelled orders do not count as confirmed ones', () => {
    const { confirmMs } = takeSnapshot(shop());
    expect(confirmMs?.p50).toBeCloseTo(300);
    expect(confirmMs?.p99).toBeLessThan(500);
  });

  test('then messages flow from who sends them to who handles them', () => {
    const { traffic } = takeSnapshot(shop());
    const between = (from: string, to: string) =>
      traffic.find((one) => one.from === from && one.to === to)?.perS;
    expect(between('inventory', 'order')).toBe(20);
    expect(between('payment', 'order')).toBe(0);
    expect(between('gateway', 'order')).toBe(10);
    expect(between('customers', 'gateway')).toBe(10);
    expect(between('payment', 'acquirer')).toBe(3);
  });

  test('then an instance has its state, what the door thinks of it, and what it takes', () => {
    const snapshot = takeSnapshot(shop());
    expect(instanceIn(snapshot, 'order-1')).toMatchObject({ state: 'healthy', door: 'out', cpuPercent: 50 });
    expect(instanceIn(snapshot, 'gateway-1')).toMatchObject({ door: null, cpuPercent: 25 });
  });
});

describe('When there is a desk', () => {
  test('then the supervisor’s word counts, and servers are there too', () => {
    const sources = shop();
    sources.desk = { before: { at: now - 2_000, view: desk(3) }, now: { at: now, view: desk(5) } };
    const snapshot = takeSnapshot(sources);
    expect(instanceIn(snapshot, 'order-1')).toMatchObject({ state: 'paused' });
    expect(instanceIn(snapshot, 'kafka')).toMatchObject({
      state: 'healthy',
      cpuPercent: 100,
      memoryBytes: 5,
    });
    expect(snapshot.services.map(({ name, kind }) => `${kind} ${name}`)).toContain('server kafka');
    expect(snapshot.services.map(({ name }) => name)).not.toContain('desk');
    expect(snapshot.faults.kafkaPaused).toBe(true);
  });

  test('then its marks and our own stand in the order of time', () => {
    const sources = shop();
    sources.desk = { before: undefined, now: { at: now, view: desk(1) } };
    sources.marks = [-9_000, -1_000].map((ms) => ({ at: new Date(now + ms).toISOString(), text: `${ms}` }));
    expect(takeSnapshot(sources).marks.map(({ text }) => text)).toEqual(['-9000', 'order-1 paused', '-1000']);
  });
});

describe('When an instance is gone', () => {
  test('then it is shown for a while, and not for ever', () => {
    const sources = shop();
    sources.registered = new Map<string, ReadonlyMap<string, boolean>>([
      ...sources.registered,
      ['payment', new Map()],
    ]);
    sources.known.one('payment', 'payment-1').answers = false;
    expect(instanceIn(takeSnapshot(sources), 'payment-1')).toMatchObject({ state: 'gone', handledPerS: 0 });
    sources.now += 16_000;
    expect(instanceIn(takeSnapshot(sources), 'payment-1')).toBeUndefined();
  });
});
