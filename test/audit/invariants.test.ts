import { describe, expect, test } from '@jest/globals';
import { judge, stillOpen } from './audit.ts';
import { type Books, judgeQuiet } from './books.ts';
import { cancelledId, confirmedId, goodBooks } from './good-books.ts';
import { reportOf, toTable } from './report.ts';

/** What is found in the good books after somebody has doctored them, by invariant. */
function found(doctor: (books: Books) => void): Record<string, string[]> {
  const books = goodBooks();
  doctor(books);
  const broken = judge(books).verdicts.filter(({ findings }) => findings.length > 0);
  return Object.fromEntries(broken.map(({ id, findings }) => [id, findings.map(({ text }) => text)]));
}

/** The only element, or the first one. */
function first<T>(items: T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('There is none');
  return item;
}

test('When all is well, then every invariant holds and the evidence has the amounts', () => {
  const report = reportOf(judge(goodBooks()));
  expect(report.verdict).toBe('PASS');
  const evidence = report.invariants.map((invariant) => invariant.evidence);
  expect(evidence[4]).toBe('captured £17.31 − refunded £5.00 = confirmed £12.31, 1 order');
  expect(evidence[0]).toBe('3 answers of 2xx (1 replay), 0 unknown; 2 orders, each with its one key');
});

test('When nobody wrote down what clients were told, then I1 says so and checks the rest', () => {
  const books = { ...goodBooks(), clients: null };
  expect(judge(books).verdicts[0]).toMatchObject({
    findings: [],
    evidence: expect.stringMatching(/^no client history/),
  });
});

test('When an answered order does not exist, then I1 names it', () => {
  const lost = '01980000-0000-7000-8000-00000000000f';
  const { I1 } = found(({ clients }) => {
    clients?.accepted.push({ key: 'k9', customerId: 'c1', orderId: lost, replayed: false });
  });
  expect(I1).toEqual([`order ${lost} was promised for key k9, and no order book knows it`]);
});

test('When one key was answered with two orders, then I1 names the one that the key does not belong to', () => {
  const { I1 } = found(({ clients }) => {
    clients?.accepted.push({ key: 'k1', customerId: 'c1', orderId: cancelledId, replayed: false });
  });
  expect(I1).toEqual([`order ${cancelledId} was promised for key k1, whose order is ${confirmedId}`]);
});

test('When an order has no idempotency key, then I1 names it', () => {
  const { I1 } = found(({ order }) => void order.keys.pop());
  expect(I1?.at(-1)).toBe(`order ${cancelledId} has 0 idempotency keys and not one`);
});

describe('When a refund was made by hand, because the acquirer would not', () => {
  const byHand = { by: 'ann', why: 'bank transfer 4711' };
  const resolve = (books: Books, refundedCents: number) => {
    Object.assign(books.payments[1] ?? {}, { refundedCents, byHand });
    Object.assign(books.order.orders[1] ?? {}, { refundedCents });
    Object.assign(books.acquirer, { refunds: [], closures: [] });
  };

  test('of all that was taken, then the money adds up and the report counts it apart', () => {
    const books = goodBooks();
    resolve(books, 500);
    const report = reportOf(judge(books));
    expect(report.verdict).toBe('PASS');
    expect(report.invariants[4]?.evidence).toBe(
      'captured £17.31 − refunded £0.00 = confirmed £12.31 + given back by hand £5.00 (1 order), 1 order',
    );
    expect(report.resolvedByHand).toEqual([{ orderId: cancelledId, refundedCents: 500, ...byHand }]);
    expect(toTable(report)).toContain(`resolved by hand: order ${cancelledId}, £5.00 given back, ann: bank`);
  });

  test('of less than was taken, then I5 names the order', () => {
    const { I5 } = found((books) => resolve(books, 400));
    expect(I5?.[0]).toBe(
      `order ${cancelledId} (cancelled): payment says £5.00 − £4.00 by hand, acquirer says £5.00, order says £5.00 − £4.00`,
    );
  });
});

test('When the acquirer captured twice under an order, then I2 and I5 name it', () => {
  const { I2, I5 } = found(({ acquirer }) => {
    acquirer.captures.push({ key: 'again', orderId: confirmedId, amountCents: 1_231 });
  });
  expect(I2).toEqual([`order ${confirmedId}: the acquirer captured 2 times, £12.31 + £12.31`]);
  expect(I5).toContain('£12.31 taken for nothing');
});

test('When more was refunded than captured, then I2 names the order', () => {
  const { I2 } = found(({ acquirer }) => {
    acquirer.refunds = [{ orderId: cancelledId, amountCents: 501 }];
  });
  expect(I2).toEqual([`order ${cancelledId}: refunded £5.01, captured only £5.00`]);
});

test('When items are missing from the shelf, then I3 names the SKU', () => {
  const { I3 } = found(({ inventory }) => {
    first(inventory.stock).onHand = 7;
  });
  expect(I3).toEqual(['SKU MUG: on hand 7 + reserved 0 + sold 2, initial 10 + restocked 0']);
});

test('When more was sold than there was, then I3 names the SKU even though the sum is right', () => {
  const { I3 } = found(({ inventory, order }) => {
    Object.assign(first(inventory.stock), { onHand: -1, sold: 11 });
    inventory.committedItems.set('MUG', 11);
    order.confirmedItems.set('MUG', 11);
  });
  expect(I3).toEqual(['SKU MUG: on hand -1 + reserved 0 + sold 11, initial 10 + restocked 0']);
});

test('When the stock was counted twice for one reservation, then I3 says what each book says', () => {
  const { I3 } = found(({ inventory }) => {
    Object.assign(first(inventory.stock), { onHand: 6, sold: 4 });
  });
  expect(I3).toEqual([
    'SKU MUG: stock says reserved 0, sold 4; reservations say 0, 2; confirmed orders say 2',
  ]);
});

test('When a cancelled order still holds stock, then I3 names it', () => {
  const { I3 } = found(({ inventory }) => {
    inventory.reservations[1] = { orderId: cancelledId, state: 'reserved' };
  });
  expect(I3).toEqual([`order ${cancelledId} is cancelled, its reservation reserved`]);
});

test('When an order is open for too long, then I4 names it', () => {
  const { I4 } = found(({ order }) => {
    Object.assign(first(order.orders), { state: 'paying', ageMs: 61_000 });
  });
  expect(I4).toEqual([`order ${confirmedId} is paying 61 s after it was placed`]);
});

test('When an order waits for a parked refund, then it is counted apart and what it holds is named', () => {
  const books = goodBooks();
  const [, cancelled] = books.order.orders;
  Object.assign(cancelled ?? {}, { state: 'closing', ageMs: 99_000, refundedCents: 0 });
  books.acquirer.refunds = [];
  books.acquirer.closures = [];
  books.notifications.pop();
  const effect = {
    orderId: cancelledId,
    type: 'acquirer.close',
    attempts: 8,
    lastError: '500',
    ageMs: 99_000,
  };
  books.pipelines.payment.effects.push({ ...effect, parked: true });
  books.isQuiet = judgeQuiet(books);
  const report = reportOf(judge(books));
  expect(report).toMatchObject({ verdict: 'PASS', isQuiet: true, orders: { open: 0, waitingForParked: 1 } });
  expect(report.invariants[3]?.evidence).toContain('1 waiting for a parked refund');
  expect(report.invariants[4]?.evidence).toContain('confirmed £12.31 + held by parked refunds £5.00');
  expect(toTable(report)).toContain(
    `parked at payment: order ${cancelledId}, acquirer.close, 8 attempts, 500`,
  );
});

test('When one amount in the payment book was changed, then I5 names the order and all amounts', () => {
  const { I5 } = found(({ payments }) => {
    Object.assign(first(payments), { amountCents: 1_230, capturedCents: 1_230 });
  });
  expect(I5).toEqual([
    `order ${confirmedId} (completed): payment says £12.30, acquirer says £12.31, order says £12.31`,
  ]);
});

test('When a cancelled order was charged and not refunded, then I5 names it and what was taken', () => {
  const { I5 } = found(({ acquirer }) => {
    acquirer.refunds = [];
  });
  expect(I5).toEqual([
    `order ${cancelledId} (cancelled): payment says £5.00 − £5.00, acquirer says £5.00, order says £5.00 − £5.00`,
    '£5.00 taken for nothing',
  ]);
});

test('When money was taken under an order that nobody knows, then I5 names it', () => {
  const { I5 } = found(({ acquirer }) => {
    acquirer.captures.push({ key: 'k', orderId: 'nobody', amountCents: 1 });
  });
  expect(I5).toContain('order nobody: acquirer says £0.01, no order book knows it');
});

test('When no mail came, or a notification is recorded twice or is not so, then I6 names the order', () => {
  expect(found(({ mailbox }) => mailbox?.mails.clear())['I6']).toContain(
    `order ${confirmedId} is completed: no mail came`,
  );
  const twice = found(({ notifications }) => void notifications.push({ ...first(notifications) }));
  expect(twice['I6']).toEqual([`order ${confirmedId}: confirmed is recorded twice`]);
  const wrong = found(({ notifications }) => {
    notifications.push({ orderId: cancelledId, kind: 'confirmed', state: 'sent' });
  });
  expect(wrong['I6']).toEqual([`order ${cancelledId}: told confirmed, but it is cancelled`]);
});

test('When no mail server takes part, then I6 judges by the rows alone, and says so', () => {
  const books = { ...goodBooks(), mailbox: null };
  const told = () => judge(books).verdicts.find(({ id }) => id === 'I6');
  expect(told()?.findings.map(({ text }) => text)).toContain(
    `order ${confirmedId} is completed: its notification is sent`,
  );
  for (const notification of books.notifications) notification.state = 'recorded';
  expect(told()).toMatchObject({
    findings: [],
    evidence: '2 notifications, 2 recorded; no mailbox takes part',
  });
  books.notifications.pop();
  expect(told()?.findings.map(({ text }) => text)).toEqual([
    `order ${cancelledId} is cancelled: its notification is not there`,
  ]);
});

test('When a message never came to a service that uses it, then I7 names both', () => {
  const id = `${confirmedId}/order/3/0`;
  const { I7 } = found(({ messages }) => {
    messages.missing.push({ service: 'notification', id, type: 'OrderConfirmed' });
  });
  expect(I7).toEqual([`OrderConfirmed ${id} never came to notification`]);
});

test('When an outbox is stuck, then I7 names the service', () => {
  const { I7 } = found((books) => {
    books.pipelines.payment.outbox = { count: 2, oldestMs: 61_000 };
    books.isQuiet = judgeQuiet(books);
  });
  expect(I7).toEqual(['payment has 2 messages that nobody sends']);
});

test.each([
  ['a gap', [1, 2, 4]],
  ['a repeat', [1, 2, 2, 3]],
  ['less than the order', [1, 2, 3]],
])('When the versions of a timeline have %s, then I8 names the order', (_, versions) => {
  const { I8 } = found(({ messages }) => {
    messages.timelines.set(confirmedId, { versions, ignored: 0 });
  });
  expect(I8).toEqual([
    `order ${confirmedId} has version 4; its timeline has the versions ${versions.join(', ')}`,
  ]);
});

test('When a later reading names another order, then neither discrepancy counts', () => {
  const [early, late] = [goodBooks(), goodBooks()];
  early.mailbox?.mails.delete(`<${confirmedId}.confirmed@doorbuster.example>`);
  late.mailbox?.mails.delete(`<${cancelledId}.cancelled@doorbuster.example>`);
  expect(reportOf(stillOpen(judge(early).verdicts, judge(late))).verdict).toBe('PASS');
  expect(reportOf(stillOpen(judge(late).verdicts, judge(late))).verdict).toBe('FAIL');
});
