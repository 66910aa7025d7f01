import type { Message } from '@doorbuster/contracts';
import type { Decision, Effect, Input, Versioned } from '@doorbuster/pipeline';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide as decideStock, type Reservation } from '../services/inventory/src/stock.ts';
import { createDecide, type Order, type PlaceOrder, unplaced } from '../services/order/src/order.ts';
import {
  type Answer,
  decide as decidePayment,
  type Payment,
  unpaid,
} from '../services/payment/src/payment.ts';

// The three real decisions, without database and Kafka, under a network that does what it wants: it reorders,
// duplicates, delays, and parks messages until after the end. The schedule is a list of numbers that fast-check
// makes up, and shrinks to the shortest one that fails.

const orderId = '01900000-0000-7000-8000-000000000000';
const sku = 'A';
const stockAtFirst = 5;
const totalCents = 300;
const request: PlaceOrder = {
  orderId,
  customer: { id: 'c', email: 'c@example.com' },
  card: 'tok_ok',
  lines: [{ sku, quantity: 3, priceCents: 100 }],
  totalCents,
  placedAt: '2026-11-27T00:00:00.000Z',
  idempotencyKey: 'k',
  bodyHash: Buffer.alloc(0),
};

interface Letter {
  id: string;
  message: Message;
}

interface World {
  /** How many of the SKU are there when the order comes; 3 are wanted. */
  onHand: number;
  /** Whether the card is good. */
  captures: boolean;
  /** Whether each service has its inbox; without it the business keys alone must hold. */
  inbox: boolean;
}

class Shop {
  order: Order = unplaced(orderId);
  stock: Reservation;
  payment: Payment = unpaid;
  readonly flying: Letter[] = [];
  readonly parked: Letter[] = [];
  readonly effects: Effect[] = [];
  readonly endings: string[] = [];
  readonly acquirer = { capturedCents: 0, refundedCents: 0, charges: 0, closed: false };
  readonly #seen = new Set<string>();
  readonly #world: World;
  readonly #decideOrder = createDecide(1_000);

  constructor(world: World) {
    this.#world = world;
    const counts = new Map([[sku, { onHand: world.onHand, reserved: 0, sold: 0 }]]);
    this.stock = { state: 'none', version: 0, lines: [], short: [], stock: counts };
    const common = { key: orderId, type: 'PlaceOrder', traceparent: undefined, weight: 1 };
    this.#take('order', this.#decideOrder(this.order, { ...common, kind: 'request', request }));
  }

  count() {
    return this.stock.stock.get(sku) ?? { onHand: 0, reserved: 0, sold: 0 };
  }

  deliver(letter: Letter): void {
    const { type } = letter.message;
    const record = {
      topic: '',
      partition: 0,
      offset: '0',
      key: orderId,
      headers: {},
      value: Buffer.alloc(0),
    };
    const input = {
      kind: 'message',
      type,
      key: orderId,
      traceparent: undefined,
      weight: 1,
      ...letter,
      record,
    } as const;
    for (const service of readers[type] ?? []) {
      const seen = `${service} ${letter.id}`;
      if (this.#world.inbox && this.#seen.has(seen)) continue;
      this.#seen.add(seen);
      this.#decide(service, input);
    }
  }

  timeOut(version = this.order.version): void {
    const common = { key: orderId, traceparent: undefined, weight: 1 };
    if (version === this.order.version)
      this.#decide('order', { ...common, kind: 'timeout', type: 'TimedOut', version });
  }

  /** The acquirer does what the first waiting effect asks; `isLost`: it does it, and the answer never comes. */
  perform(isLost: boolean): void {
    const effect = this.effects.shift();
    if (effect === undefined) return;
    const answer = effect.type === 'acquirer.close' ? this.#close() : this.#charge();
    if (isLost) this.effects.push(effect);
    else this.#hear(effect, answer);
  }

  #charge(): Answer {
    if (this.acquirer.charges > 0) return { kind: 'captured', amountCents: totalCents };
    if (this.acquirer.closed || !this.#world.captures) return { kind: 'declined', reason: 'no' };
    this.acquirer.charges++;
    this.acquirer.capturedCents += totalCents;
    return { kind: 'captured', amountCents: totalCents };
  }

  #close(): Answer {
    this.acquirer.closed = true;
    this.acquirer.refundedCents = this.acquirer.capturedCents;
    return { kind: 'closed', ...this.acquirer };
  }

  #hear({ type }: Effect, answer: Answer): void {
    const effectKey = `${orderId}:${type}`;
    const input = {
      kind: 'answer',
      type,
      key: orderId,
      effectKey,
      answer,
      traceparent: undefined,
      weight: 1,
    } as const;
    this.#take('payment', decidePayment(this.payment, input));
  }

  #decide(service: Service, input: Extract<Input, { kind: 'message' | 'timeout' }>): void {
    if (service === 'order') this.#take(service, this.#decideOrder(this.order, input));
    if (service === 'inventory') this.#take(service, decideStock(this.stock, input));
    if (service === 'payment') this.#take(service, decidePayment(this.payment, input));
  }

  #take(service: Service, decision: Decision<Order> | Decision<Reservation> | Decision<Payment>): void {
    const before: Versioned = this[service === 'inventory' ? 'stock' : service];
    expect(decision.state.version).toBeGreaterThanOrEqual(before.version);
    if (service === 'order') this.order = decision.state as Order;
    if (service === 'payment') this.payment = decision.state as Payment;
    if (service === 'inventory') {
      const next = decision.state as Reservation;
      this.stock = { ...next, stock: new Map([...this.stock.stock, ...next.stock]) };
    }
    for (const [n, message] of (decision.messages ?? []).entries()) {
      if (message.type === 'OrderConfirmed' || message.type === 'OrderCancelled')
        this.endings.push(message.type);
      this.flying.push({ id: `${orderId}/${service}/${decision.state.version}/${n}`, message });
    }
    const known = new Set(this.effects.map(({ type }) => type));
    this.effects.push(...(decision.effects ?? []).filter(({ type }) => !known.has(type)));
  }
}

type Service = 'order' | 'inventory' | 'payment';
const readers: Partial<Record<Message['type'], Service[]>> = {
  ReserveStock: ['inventory'],
  ReleaseStock: ['inventory'],
  OrderConfirmed: ['inventory'],
  CapturePayment: ['payment'],
  ClosePayment: ['payment'],
  StockReserved: ['order'],
  StockRejected: ['order'],
  StockReleased: ['order'],
  StockCommitted: ['order'],
  PaymentCaptured: ['order'],
  PaymentDeclined: ['order'],
  PaymentClosed: ['order'],
};

/** One whim of the network: what it does, and to which of the messages under way. */
const whims = ['deliver', 'duplicate', 'park', 'time out', 'act', 'act, lose the answer'] as const;

function live(shop: Shop, schedule: { whim: (typeof whims)[number]; which: number }[]): void {
  for (const { whim, which } of schedule) {
    const at = shop.flying.length === 0 ? -1 : which % shop.flying.length;
    const letter = shop.flying[at];
    if (whim === 'time out') shop.timeOut();
    else if (whim === 'act') shop.perform(false);
    else if (whim === 'act, lose the answer') shop.perform(true);
    else if (letter !== undefined) {
      if (whim !== 'duplicate') shop.flying.splice(at, 1);
      if (whim === 'park') shop.parked.push(letter);
      else shop.deliver(letter);
    }
  }
}

/** The faults heal: everything under way arrives, deadlines pass, and the saga comes to its end. */
function heal(shop: Shop): void {
  for (let round = 0; round < 50; round++) {
    while (shop.effects.length > 0) shop.perform(false);
    while (shop.flying.length > 0) shop.deliver(shop.flying.shift() as Letter);
    if (shop.effects.length === 0 && isOver(shop)) return;
    if (shop.effects.length === 0) shop.timeOut();
  }
}

const isOver = ({ order: { state } }: Shop): boolean => state === 'completed' || state === 'cancelled';

function checkBooks(shop: Shop): void {
  const { order, acquirer } = shop;
  const { reserved, sold } = shop.count();
  expect(isOver(shop)).toBe(true);
  expect(acquirer.charges).toBeLessThanOrEqual(1);
  expect(new Set(shop.endings).size).toBe(1);
  const isSold = order.state === 'completed';
  expect({ reserved, sold }).toEqual({ reserved: 0, sold: isSold ? 3 : 0 });
  expect(acquirer.capturedCents - acquirer.refundedCents).toBe(isSold ? totalCents : 0);
  if (!isSold && acquirer.refundedCents > 0) expect(order.refundedCents).toBe(acquirer.refundedCents);
}

test('When messages are reordered, doubled, parked and answered late, then the order still ends in one right way', () => {
  const step = fc.record({ whim: fc.constantFrom(...whims), which: fc.nat(20) });
  const world = fc.record({
    onHand: fc.constantFrom(0, stockAtFirst),
    captures: fc.boolean(),
    inbox: fc.boolean(),
  });
  fc.assert(
    fc.property(world, fc.array(step, { maxLength: 40 }), (given, schedule) => {
      const shop = new Shop(given);
      live(shop, schedule);
      heal(shop);
      checkBooks(shop);
      expect(shop.count().onHand + shop.count().sold).toBe(given.onHand);
      // What was parked is replayed after the end, and nothing comes of it.
      const ended = { order: shop.order, acquirer: { ...shop.acquirer }, count: shop.count() };
      for (const letter of shop.parked) shop.deliver(letter);
      heal(shop);
      checkBooks(shop);
      expect({ order: shop.order, acquirer: shop.acquirer, count: shop.count() }).toEqual(ended);
    }),
    { numRuns: 3_000, seed: 20_261_127 },
  );
});
