import { describe, expect, test } from '@jest/globals';
import { judgeLive, type LiveBooks, type Part } from './judge.ts';
import { idAt } from './ranges.ts';
import { none, type Sums } from './sums.ts';

/** Two orders of £5.00 were confirmed and one of £3.00 refunded, long ago. */
const settled: Sums = {
  ...none,
  orders: 3,
  confirmed: 2,
  completed: 2,
  cancelled: 1,
  confirmedCents: 1_000,
  returnedCents: 300,
  completedItems: 4,
  versions: 11,
  steps: 11,
  captures: 3,
  capturedOrders: 3,
  capturedCents: 1_300,
  capturedCentsBefore: 1_300,
  refundedCents: 300,
  bookedCents: 1_300,
  givenBackCents: 300,
  committed: 2,
  recorded: 3,
  told: 3,
};

/** One of £7.00 is paid and not yet confirmed, one of £2.00 is confirmed and not yet sent. */
const open: Sums = {
  ...none,
  orders: 2,
  confirmed: 1,
  unfinished: 2,
  confirmedCents: 200,
  openCents: 700,
  unfinishedItems: 3,
  versions: 5,
  steps: 5,
  captures: 2,
  capturedOrders: 2,
  capturedCents: 900,
  capturedCentsBefore: 200,
  bookedCents: 200,
  reserved: 2,
};

const part = (subject: string, sums: Sums, isDue: boolean): Part => ({
  subject,
  range: { from: idAt(1_700_000_000_000), to: idAt(1_700_000_060_000) },
  sums,
  isDue,
});

const goodBooks = (): LiveBooks => ({
  promises: { answers: 5, broken: [] },
  parts: [part('settled', { ...settled }, true), part('young', { ...open }, false)],
  stock: { skus: 1, onHand: 91, reserved: 4, sold: 5, initial: 100, restocked: 0, wrong: [] },
  soldBefore: 5,
  queues: { unsent: 2, oldestUnsentMs: 12, effects: 1, oldestEffectMs: 40, parked: 0, deadLetters: 0 },
  isDisturbed: false,
});

/** What is found after somebody has doctored the good books, by invariant. */
function found(doctor: (books: LiveBooks, settled: Sums, young: Sums) => void): Record<string, string[]> {
  const books = goodBooks();
  const [old, young] = books.parts;
  if (old === undefined || young === undefined) throw new Error('There are two parts');
  doctor(books, old.sums, young.sums);
  const broken = judgeLive(books).filter(({ findings }) => findings.length > 0);
  return Object.fromEntries(broken.map(({ id, findings }) => [id, findings.map(({ subject }) => subject)]));
}

test('When all is well, then all eight hold and the evidence has the amounts', () => {
  expect(found(() => undefined)).toEqual({});
  const judgements = judgeLive(goodBooks());
  expect(judgements.map(({ id }) => id)).toEqual(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8']);
  expect(judgements[4]?.evidence).toBe(
    'captured £22.00 − refunded £3.00 is £19.00, between confirmed £12.00 and £19.00 with what is open, 3 orders',
  );
});

describe('When orders are under way, then what they may have done already is no fault', () => {
  test.each<[string, Parameters<typeof found>[0]]>([
    [
      'captured',
      (_, __, young) => Object.assign(young, { capturedCents: 200, captures: 1, capturedOrders: 1 }),
    ],
    ['booked', (_, __, young) => Object.assign(young, { bookedCents: 900 })],
    ['sold', (books) => Object.assign(books.stock, { sold: 7 })],
    ['cancelled and not yet told', (_, __, young) => Object.assign(young, { cancelled: 1, unfinished: 1 })],
    [
      'placed since the orders were read',
      (_, __, young) => Object.assign(young, { capturedCents: 5_000, captures: 9, capturedOrders: 9 }),
    ],
  ])('%s', (_, doctor) => expect(found(doctor)).toEqual({}));
});

describe('When a book is wrong, then its invariant says where', () => {
  test.each<[string, Parameters<typeof found>[0], Record<string, string[]>]>([
    ['a promise', (books) => books.promises.broken.push('x'), { I1: ['x'] }],
    ['a second capture', (_, old) => old.captures++, { I2: ['settled'] }],
    [
      'a refund of what was not taken',
      (_, __, young) => Object.assign(young, { refundedCents: 1_000 }),
      { I2: ['young'], I5: ['young'] },
    ],
    ['a SKU', (books) => books.stock.wrong.push('MUG'), { I3: ['MUG'] }],
    ['more sold than ordered', (books) => Object.assign(books, { soldBefore: 8 }), { I3: ['sold'] }],
    ['less sold than completed', (books) => Object.assign(books.stock, { sold: 3 }), { I3: ['sold'] }],
    ['stock held for nobody', (_, old) => old.reserved++, { I3: ['settled'] }],
    [
      'an order that is stuck',
      (_, old) => Object.assign(old, { unfinished: 1, openCents: 1, orders: 4 }),
      { I4: ['overdue'] },
    ],
    ['a penny too little taken', (_, old) => old.capturedCents--, { I5: ['settled'] }],
    ['a penny too much kept', (_, old) => old.refundedCents--, { I5: ['settled'] }],
    ['a penny too little booked', (_, old) => old.bookedCents--, { I5: ['settled'] }],
    ['a penny too much booked', (_, old) => old.bookedCents++, { I5: ['settled'] }],
    ['an order that tells of another refund', (_, old) => old.returnedCents++, { I5: ['settled'] }],
    [
      'money for nothing',
      (_, __, young) => Object.assign(young, { capturedCentsBefore: 901 }),
      { I5: ['young'] },
    ],
    ['somebody who was not told', (_, old) => old.told--, { I6: ['settled'] }],
    ['somebody told too soon', (_, __, young) => Object.assign(young, { recorded: 2 }), { I6: ['young'] }],
    ['an outbox', (books) => Object.assign(books.queues, { oldestUnsentMs: 60_001 }), { I7: ['outbox'] }],
    ['a call', (books) => Object.assign(books.queues, { oldestEffectMs: 60_001 }), { I7: ['effects'] }],
    ['a version', (_, __, young) => young.versions++, { I8: ['young'] }],
  ])('%s', (_, doctor, findings) => expect(found(doctor)).toEqual(findings));
});

describe('When something is broken on purpose, then nothing has to be there in time', () => {
  test.each<[string, (books: LiveBooks, old: Sums) => void]>([
    ['an order', (_, old) => Object.assign(old, { unfinished: 1, orders: 4 })],
    ['a mail', (_, old) => old.told--],
    ['a message', (books) => Object.assign(books.queues, { oldestUnsentMs: 90_000 })],
  ])('%s', (_, doctor) => {
    expect(found(doctor)).not.toEqual({});
    expect(found((books, old) => doctor(Object.assign(books, { isDisturbed: true }), old))).toEqual({});
  });

  test('but a wrong amount is wrong', () => {
    expect(found((books, old) => Object.assign(books, { isDisturbed: true }) && old.bookedCents--)).toEqual({
      I5: ['settled'],
    });
  });
});

test('When a refund is parked, then its order is waited for, and given back by hand it is accounted for', () => {
  const waiting = {
    unfinished: 1,
    openCents: 400,
    orders: 4,
    capturedCents: 1_700,
    capturedCentsBefore: 1_700,
  };
  const parked = { ...waiting, captures: 4, capturedOrders: 4, bookedCents: 1_700 };
  const resolved = { ...parked, unfinished: 0, openCents: 0, cancelled: 2, byHandCents: 400 };
  const told = { givenBackCents: 700, returnedCents: 700, recorded: 4, told: 4 };
  expect(
    found((books, old) => Object.assign(old, parked) && Object.assign(books.queues, { parked: 1 })),
  ).toEqual({});
  expect(found((_, old) => Object.assign(old, resolved, told))).toEqual({});
});
