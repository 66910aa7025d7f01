import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import type { Request, Response } from 'express';
import { eventually } from '../../../test/support/eventually.ts';
import { type Admission, createAdmission } from '../src/admission.ts';

const usual = { openOrdersMax: 10, oldestUnpublishedMsMax: 1_000, inFlightMax: 3 };
const limits = () => usual;
const log = { debug: () => undefined } as never;
let admission: Admission;
afterEach(() => admission.close());

/** Lets one order try the door; gives its answer to end it by, or the status and header that it was turned away with. */
function knock(): EventEmitter | { status: number; headers: Record<string, string> } {
  const answer = new EventEmitter();
  try {
    admission.admit({} as Request, answer as Response, () => undefined);
    return answer;
  } catch (problem) {
    return problem as { status: number; headers: Record<string, string> };
  }
}

/** How many of so many knocks are let in, each ended before the next. */
function letIn(knocks: number): number {
  let count = 0;
  for (let n = 0; n < knocks; n++) {
    const result = knock();
    if (result instanceof EventEmitter && result.emit('close')) count++;
  }
  return count;
}

test('When orders are open up to the limit, then no more are let in, with 429 and Retry-After', async () => {
  let openOrders = 8;
  admission = createAdmission(async () => ({ openOrders, oldestUnpublishedMs: 0 }), limits, log);
  await eventually('the load is known', () => letIn(1) === 0);
  expect(knock()).toMatchObject({ status: 429, headers: { 'Retry-After': '2' } });
  openOrders = 0;
  await eventually('there is room again', () => letIn(1) === 1);
});

test('When many come between two looks, then the door counts for itself', async () => {
  // Nobody answers, until the question is given up.
  admission = createAdmission(async (signal) => once(signal, 'abort'), limits, log);
  expect(letIn(50)).toBe(usual.openOrdersMax);
});

test('When messages wait too long to be published, then new orders get 503', async () => {
  admission = createAdmission(async () => ({ openOrders: 0, oldestUnpublishedMs: 1_001 }), limits, log);
  await eventually('the lag is known', () => letIn(1) === 0);
  expect(knock()).toMatchObject({ status: 503, headers: { 'Retry-After': '2' } });
});

test('When too many are under way at once, then the next gets 503, and one that ends makes room', () => {
  admission = createAdmission(async () => ({ openOrders: 0, oldestUnpublishedMs: 0 }), limits, log);
  const underWay = [knock(), knock(), knock()];
  expect(knock()).toMatchObject({ status: 503 });
  (underWay[0] as EventEmitter).emit('close');
  expect(knock()).toBeInstanceOf(EventEmitter);
});

test('When an order would not be let in, then it is turned away before it is looked at, and nothing else is', () => {
  admission = createAdmission(async () => ({ openOrders: 0, oldestUnpublishedMs: 0 }), limits, log);
  const ask = (method: string, url: string) => admission.turnAway({ method, url } as IncomingMessage);
  expect(ask('POST', '/orders')).toBeUndefined();
  const underWay = [knock(), knock(), knock()];
  expect(ask('POST', '/orders')).toMatchObject({ status: 503, headers: { 'Retry-After': '2' } });
  expect(ask('GET', '/orders')).toBeUndefined();
  expect(ask('POST', '/admin/orders')).toBeUndefined();
  for (const answer of underWay) (answer as EventEmitter).emit('close');
  expect(ask('POST', '/orders')).toBeUndefined();
});

test('When nobody tells the load, then what was known last stays in force', async () => {
  let fails = false;
  admission = createAdmission(
    async () => {
      if (fails) throw new Error('away');
      return { openOrders: 10, oldestUnpublishedMs: 0 };
    },
    limits,
    log,
  );
  await eventually('the door is closed', () => letIn(1) === 0);
  fails = true;
  expect(letIn(5)).toBe(0);
});

test.each([
  ['openOrdersMax', 0, 429],
  ['oldestUnpublishedMsMax', -1, 503],
  ['inFlightMax', 0, 503],
])(
  'When %s changes while the door is open, then the next order is judged by the new value',
  (name, limit, status) => {
    let changed = usual;
    const idle = async () => ({ openOrders: 0, oldestUnpublishedMs: 0 });
    admission = createAdmission(idle, () => changed, log);
    expect(knock()).toBeInstanceOf(EventEmitter);
    changed = { ...usual, [name]: limit };
    expect(knock()).toMatchObject({ status });
    changed = usual;
    expect(knock()).toBeInstanceOf(EventEmitter);
  },
);
