import type { OrderMessage, OrderView, TimelineEntry, TraceSpan } from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import { apply, momentsOf, stepsOf } from '../src/order/steps.ts';
import { barsOf, lengthOf } from '../src/order/waterfall.ts';

const at = (ms: number): string => new Date(Date.UTC(2026, 10, 27) + ms).toISOString();

const entry = (version: number, received: string, state: string, ms: number, ignored: string | null = null) =>
  ({
    version,
    at: at(ms),
    messageId: `m${version}`,
    received,
    state,
    sent: [],
    ignored,
    note: null,
    traceId: null,
  }) satisfies TimelineEntry;

const message = (id: string, type: string, from: string, topic: string, ms: number): OrderMessage => ({
  id,
  type,
  from,
  topic,
  partition: 3,
  offset: String(ms),
  at: at(ms),
  data: { orderId: 'o' },
});

const timeline = [
  entry(1, 'PlaceOrder', 'reserving', 0),
  entry(2, 'StockReserved', 'paying', 30),
  entry(2, 'StockReserved', 'paying', 35, 'the step was settled before'),
  entry(3, 'PaymentDeclined', 'releasing', 90),
];

describe('When an order went through its saga', () => {
  test('then the way is its states and the moves between them; what was ignored made none', () => {
    const { states, moves } = stepsOf(timeline);
    expect(states).toEqual(['reserving', 'paying', 'releasing']);
    expect([...moves]).toEqual(['reserving>paying', 'paying>releasing']);
  });

  test('then its moments are what lies in Kafka and what does not, in the order of their times', () => {
    const messages = [
      message('c1', 'ReserveStock', 'order', 'doorbuster.inventory.commands.v1', 5),
      message('m2', 'StockReserved', 'inventory', 'doorbuster.inventory.events.v1', 25),
    ];
    const mails = [{ messageId: 'x', subject: 'Your order was cancelled', at: at(120) }];
    const moments = momentsOf(timeline, messages, mails);
    expect(moments.map(({ what, from, to, sinceLastMs }) => [what, from, to, sinceLastMs])).toEqual([
      ['PlaceOrder', 'the customer', 'order', undefined],
      ['ReserveStock', 'order', 'inventory', 5],
      ['StockReserved', 'inventory', undefined, 20],
      ['PaymentDeclined', 'payment', 'order', 65],
      ['Your order was cancelled', 'notification', 'the customer', 30],
    ]);
    expect(moments[2]?.entry?.state).toBe('paying');
    expect(new Set(moments.map(({ key }) => key)).size).toBe(moments.length);
  });

  test('then without Kafka its timeline is still there, and so is what was ignored', () => {
    expect(momentsOf(timeline, [], []).map(({ what }) => what)).toHaveLength(timeline.length);
  });
});

describe('When an order is followed', () => {
  const order = {
    status: 'open',
    state: 'paying',
    version: 2,
    timeline: timeline.slice(0, 2),
  } as unknown as OrderView;
  const event = { id: 'o', status: 'open', state: 'releasing', version: 3, entry: timeline[3] } as const;

  test('then an event makes its next version', () => {
    const next = apply(order, { ...event, entry: entry(3, 'PaymentDeclined', 'releasing', 90) });
    expect([next.version, next.state, next.timeline.length]).toEqual([3, 'releasing', 3]);
  });

  test('then one that is known already changes nothing', () => {
    const known = { ...event, version: 2, entry: entry(2, 'StockReserved', 'paying', 30) };
    expect(apply(order, known)).toBe(order);
  });
});

describe('When a trace is drawn', () => {
  const span = (id: string, parentId: string | null, startMs: number, durationMs = 5): TraceSpan => ({
    id,
    parentId,
    service: 'order',
    name: id,
    startMs,
    durationMs,
    isError: false,
  });

  test('then children stand under their parent, in the order in which they began', () => {
    const bars = barsOf([span('c', 'a', 9), span('b', 'a', 2), span('a', null, 0), span('d', 'b', 3)]);
    expect(bars.map(({ id, depth }) => [id, depth])).toEqual([
      ['a', 0],
      ['b', 1],
      ['d', 2],
      ['c', 1],
    ]);
  });

  test('then one whose parent was not kept stands by itself', () => {
    expect(barsOf([span('b', 'gone', 2)]).map(({ depth }) => depth)).toEqual([0]);
  });

  test('then its length is the end of what ended last', () => {
    expect(lengthOf([span('a', null, 0, 40), span('b', 'a', 30, 25)])).toBe(55);
    expect(lengthOf([])).toBe(1);
  });
});
