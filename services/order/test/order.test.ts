import type { Input } from '@doorbuster/pipeline';
import { describe, expect, test } from '@jest/globals';
import { createDecide, type PlaceOrder, unplaced } from '../src/order.ts';

const orderId = '01900000-0000-7000-8000-000000000000';
const decide = createDecide(10_000);
const common = { key: orderId, traceparent: undefined, weight: 1 };
const request: PlaceOrder = {
  orderId,
  customer: { id: 'c', email: 'c@example.com' },
  card: 'tok_ok',
  lines: [{ sku: 'A', quantity: 2, priceCents: 150 }],
  totalCents: 300,
  placedAt: '2026-11-27T00:00:00.000Z',
  idempotencyKey: 'k',
  bodyHash: Buffer.alloc(32),
};
const placed = decide(unplaced(orderId), { ...common, kind: 'request', type: 'PlaceOrder', request });

const message = (type: 'StockReserved' | 'StockRejected'): Input<PlaceOrder> => {
  const data = { orderId, short: [] };
  const record = { topic: '', partition: 0, offset: '0', key: orderId, headers: {}, value: Buffer.alloc(0) };
  return { ...common, kind: 'message', id: 'x', type, message: { type, data }, record };
};
const timeout = (version: number): Input<PlaceOrder> => ({
  ...common,
  kind: 'timeout',
  type: 'TimedOut',
  version,
});

describe('When an order is decided about', () => {
  test('as it is placed, then the stock is asked for and a deadline is set', () => {
    expect(placed.state).toMatchObject({ state: 'reserving', version: 1 });
    expect(placed.messages).toEqual([
      { type: 'ReserveStock', data: { orderId, lines: [{ sku: 'A', quantity: 2 }] } },
    ]);
    expect(placed.deadlineMs).toBe(10_000);
  });

  test('as it moves, then its version grows by one', () => {
    const paying = decide(placed.state, message('StockReserved'));
    expect(paying.state).toMatchObject({ state: 'paying', version: 2 });
    expect(paying.messages?.map(({ type }) => type)).toEqual(['CapturePayment']);
  });

  test('as it ends, then nothing is waited for any more', () => {
    const cancelled = decide(placed.state, message('StockRejected'));
    expect(cancelled).toMatchObject({
      deadlineMs: null,
      state: { state: 'cancelled', reason: 'out-of-stock' },
    });
    expect(decide(cancelled.state, message('StockReserved'))).toEqual({
      state: cancelled.state,
      ignored: 'the order is cancelled',
    });
  });

  test('as a compensation does not answer, then it is asked for again, each time after twice as long', () => {
    let { state } = decide(placed.state, timeout(1));
    const waits: (number | null | undefined)[] = [];
    for (let n = 0; n < 8; n++) {
      const again = decide(state, timeout(state.version));
      expect(again.messages?.map(({ type }) => type)).toEqual(['ReleaseStock']);
      waits.push(again.deadlineMs);
      state = again.state;
    }
    expect(waits).toEqual([20_000, 40_000, 80_000, 160_000, 320_000, 640_000, 640_000, 640_000]);
  });

  test('that nobody placed, then it is a bug and not an order', () => {
    expect(() => decide(unplaced(orderId), message('StockReserved'))).toThrow('There is no order');
  });
});
