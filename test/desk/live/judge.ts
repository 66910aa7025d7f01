import { invariants } from '../../audit/invariants/index.ts';
import { count, counted, money } from '../../audit/words.ts';
import type { Promises } from './promises.ts';
import { addUp, type Range, type Sums } from './sums.ts';
import type { Whole } from './whole.ts';

/** The orders of a range, as every book sees them. */
export interface Part {
  /** What the next look calls it too. */
  subject: string;
  range: Range;
  sums: Sums;
  /** Whether all of its orders are old enough that everything they cause must be there. */
  isDue: boolean;
}

/** All that a live verdict rests on. */
export interface LiveBooks extends Whole {
  promises: Promises;
  parts: Part[];
  /** Whether something is broken, or was until just now: then nothing has to be there in time. */
  isDisturbed: boolean;
}

/** Something that is not as it must be. It counts when the next look says the same of the same subject. */
export interface LiveFinding {
  subject: string;
  text: string;
}

export interface LiveJudgement {
  id: string;
  name: string;
  evidence: string;
  findings: LiveFinding[];
}

const dueWithinMs = 60_000;

/**
 * Judges the books while orders are under way, by sums and their bounds: what is open may be taken or not, and may
 * be held or not. Where nothing is open, sums have to agree to the penny. Pure.
 */
export function judgeLive(books: LiveBooks): LiveJudgement[] {
  const total = addUp(books.parts.map(({ sums }) => sums));
  return [
    answered(books, total),
    oneCapture(books, total),
    stock(books, total),
    terminal(books, total),
    moneyAddsUp(books, total),
    told(books, total),
    drained(books),
    versions(books, total),
  ].map((judgement, n) => {
    const { id = '', name = '' } = invariants[n] ?? {};
    return { id, name, ...judgement };
  });
}

type Judgement = Omit<LiveJudgement, 'id' | 'name'>;

/** A finding for each part of which `wrong` says something. */
const eachPart = ({ parts }: LiveBooks, wrong: (part: Part) => string | undefined): LiveFinding[] =>
  parts.flatMap((part) => {
    const text = wrong(part);
    return text === undefined
      ? []
      : [{ subject: part.subject, text: `${text}, ${describe(part)}; npm run audit names the order` }];
  });

/** Ids begin with the time of placing. */
const placedAt = (id: string): string => {
  const ms = Number.parseInt(id.slice(0, 13).replace('-', ''), 16);
  return ms > 8e12 ? 'now' : new Date(ms).toISOString().slice(11, 19);
};

const describe = ({ range: { from, to }, sums: { orders } }: Part): string =>
  `among ${counted(orders, 'order')} placed from ${placedAt(from)} to ${placedAt(to)}`;

/** I1: every promise was looked up when it was made. */
function answered({ promises: { answers, broken } }: LiveBooks, { orders }: Sums): Judgement {
  const promised =
    answers === null
      ? 'no client history'
      : `${counted(answers, 'answer')} of 2xx, each with its order by its key`;
  return {
    evidence: `${promised}; ${counted(orders, 'order')}`,
    findings: broken.map((id) => ({
      subject: id,
      text: `order ${id} was promised, and no order book knows it by that key`,
    })),
  };
}

/** I2: one snapshot of the acquirer's books is enough. */
function oneCapture(
  books: LiveBooks,
  { captures, capturedOrders, capturedCents, refundedCents }: Sums,
): Judgement {
  return {
    evidence:
      `${counted(captures, 'capture')} for ${counted(capturedOrders, 'order')}; ` +
      `refunds of ${money(refundedCents)} ≤ captures of ${money(capturedCents)}`,
    findings: eachPart(books, ({ sums }) => {
      if (sums.captures !== sums.capturedOrders)
        return `${counted(sums.captures, 'capture')} for ${counted(sums.capturedOrders, 'order')}`;
      if (sums.refundedCents <= sums.capturedCents) return undefined;
      return `refunded ${money(sums.refundedCents)}, captured only ${money(sums.capturedCents)}`;
    }),
  };
}

/** I3: what is sold lies between what completed orders bought and what those under way may still buy. */
function stock(books: LiveBooks, { completedItems, unfinishedItems }: Sums): Judgement {
  const { skus, onHand, reserved, sold, initial, restocked, wrong } = books.stock;
  const atMost = completedItems + unfinishedItems;
  const isOff = books.soldBefore > atMost || sold < completedItems;
  const bounds = `completed orders bought ${count(completedItems)}, with open ones ${count(atMost)}`;
  return {
    evidence:
      `${counted(skus, 'SKU')}: on hand ${count(onHand)} + reserved ${count(reserved)} + sold ${count(sold)} = ` +
      `initial ${count(initial)} + restocked ${count(restocked)}; ${bounds}`,
    findings: [
      ...wrong.map((sku) => ({ subject: sku, text: `the counts of SKU ${sku} do not add up` })),
      ...(isOff ? [{ subject: 'sold', text: `sold are ${count(sold)}, but ${bounds}` }] : []),
      ...eachPart(books, ({ sums }) => {
        const isEven = sums.committed === sums.completed && sums.reserved === 0;
        if (sums.unfinished > 0 ? sums.committed >= sums.completed : isEven) return undefined;
        return `${count(sums.completed)} completed, ${count(sums.committed)} reservations committed, ${count(sums.reserved)} held`;
      }),
    ],
  };
}

/** I4: what is open longer than it may be, and does not wait for an operator, is stuck. */
function terminal({ parts, queues, isDisturbed }: LiveBooks, total: Sums): Judgement {
  const overdue = addUp(parts.filter(({ isDue }) => isDue).map(({ sums }) => sums)).unfinished;
  const stuck = overdue - queues.parked;
  const late = `${counted(stuck, 'order')} not ended ${dueWithinMs / 1_000} s after being placed`;
  return {
    evidence:
      `${counted(total.orders, 'order')}: ${count(total.completed)} completed, ${count(total.cancelled)} cancelled, ` +
      `${count(total.unfinished)} open, ${count(overdue)} of them for more than ${dueWithinMs / 1_000} s` +
      (queues.parked === 0 ? '' : `, ${count(queues.parked)} waiting for a parked call`),
    findings: stuck > 0 && !isDisturbed ? [{ subject: 'overdue', text: late }] : [],
  };
}

/** I5: confirmed ≤ captured − refunded ≤ confirmed + open; with nothing open, three books agree to the penny. */
function moneyAddsUp(books: LiveBooks, total: Sums): Judgement {
  const { capturedCents, refundedCents, confirmedCents, openCents, byHandCents, confirmed } = total;
  const net = capturedCents - refundedCents;
  const owed = confirmedCents + byHandCents;
  const bounds =
    net === owed
      ? `= confirmed ${money(confirmedCents)}`
      : `is ${money(net)}, between confirmed ${money(confirmedCents)} and ${money(owed + openCents)} with what is open`;
  const byHand = byHandCents === 0 ? '' : `, given back by hand ${money(byHandCents)}`;
  return {
    evidence: `captured ${money(capturedCents)} − refunded ${money(refundedCents)} ${bounds}${byHand}, ${counted(confirmed, 'order')}`,
    findings: eachPart(books, ({ sums }) => faultOfMoney(sums)),
  };
}

function faultOfMoney(sums: Sums): string | undefined {
  const { capturedCents, capturedCentsBefore, refundedCents, confirmedCents, openCents } = sums;
  const { bookedCents, givenBackCents, byHandCents, returnedCents, unfinished } = sums;
  const acquirer = `acquirer says ${money(capturedCents)} − ${money(refundedCents)}`;
  if (capturedCents - refundedCents < confirmedCents)
    return `${acquirer}, confirmed are ${money(confirmedCents)}`;
  const mostCents = confirmedCents + openCents + byHandCents;
  if (capturedCentsBefore - refundedCents > mostCents)
    return `${acquirer}, confirmed and open are no more than ${money(mostCents)}`;
  const payment = `payment says ${money(bookedCents)} − ${money(givenBackCents)}`;
  if (bookedCents < confirmedCents) return `${payment}, confirmed are ${money(confirmedCents)}`;
  const isEven =
    bookedCents === capturedCents &&
    givenBackCents === refundedCents + byHandCents &&
    returnedCents === givenBackCents;
  if (unfinished > 0 || isEven) return undefined;
  return `${payment}, ${acquirer}, orders say ${money(confirmedCents)} and ${money(returnedCents)} returned`;
}

/** I6: nobody is told what is not so, and who is due is told. The mails themselves are for the final audit. */
function told(books: LiveBooks, total: Sums): Judgement {
  const ended = total.completed + total.cancelled;
  return {
    evidence: `${counted(ended, 'order')} ended, ${counted(total.recorded, 'notification')}, ${count(total.told)} of them sent`,
    findings: eachPart(books, ({ sums, isDue }) => {
      const { confirmed, completed, cancelled, recorded } = sums;
      if (recorded > confirmed + cancelled)
        return `${counted(recorded, 'notification')} for ${counted(confirmed + cancelled, 'order')}`;
      if (!isDue || books.isDisturbed || sums.told >= completed + cancelled) return undefined;
      return `${count(completed + cancelled)} ended, but only ${count(sums.told)} told`;
    }),
  };
}

/** I7: nothing lies too long. Whether each message came to each service is for the final audit. */
function drained({ queues, isDisturbed }: LiveBooks): Judgement {
  const { unsent, oldestUnsentMs, effects, oldestEffectMs, parked, deadLetters } = queues;
  const age = (ms: number) => `the oldest for ${count(ms / 1_000)} s`;
  const late = [
    ...(oldestUnsentMs > dueWithinMs
      ? [{ subject: 'outbox', text: `${counted(unsent, 'message')} unsent, ${age(oldestUnsentMs)}` }]
      : []),
    ...(oldestEffectMs > dueWithinMs
      ? [{ subject: 'effects', text: `${counted(effects, 'call')} not done, ${age(oldestEffectMs)}` }]
      : []),
  ];
  return {
    evidence:
      `${count(unsent)} unsent, ${counted(effects, 'effect')} open, ${count(parked)} parked, ` +
      `${counted(deadLetters, 'dead letter')} not yet replayed`,
    findings: isDisturbed ? [] : late,
  };
}

/** I8: an order and its timeline are written in one transaction, so their sums agree at every moment. */
function versions(books: LiveBooks, { steps, orders }: Sums): Judgement {
  return {
    evidence: `${counted(steps, 'step')} of ${counted(orders, 'order')}, each one version further`,
    findings: eachPart(books, ({ sums }) => {
      if (sums.versions === sums.steps) return undefined;
      return `versions add up to ${count(sums.versions)}, the timelines have ${counted(sums.steps, 'step')}`;
    }),
  };
}
