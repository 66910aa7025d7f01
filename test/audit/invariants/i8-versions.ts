// I8: each order's version only grows.

import type { Timeline } from '../books/messages.ts';
import type { OrderEntry } from '../books/orders.ts';
import type { Books } from '../books.ts';
import type { Finding, Invariant } from '../invariant.ts';
import { count, counted, sum } from '../words.ts';

export const versions: Invariant = {
  id: 'I8',
  name: "each order's version only grows",
  judge: (books) => ({ evidence: evidence(books), findings: [...shrunk(books)] }),
};

function evidence({ messages: { timelines }, order }: Books): string {
  const decided = sum(timelines.values(), ({ versions }) => versions.length);
  const ignored = sum(timelines.values(), (timeline) => timeline.ignored);
  const highest = order.orders.reduce((max, { version }) => Math.max(max, version), 0);
  return `${counted(decided, 'step')} of ${counted(timelines.size, 'order')}, each one version further, ${count(ignored)} inputs ignored; highest version ${count(highest)}`;
}

/**
 * Every step of an order left one entry with the version that it made, so the versions are 1 to n, each once, and n is
 * the order's. (Entries are not compared by time: theirs is when a transaction began, and those of two instances wait
 * for each other's locks.)
 */
function* shrunk({ messages: { timelines }, order }: Books): Generator<Finding> {
  for (const entry of order.orders) {
    const timeline = timelines.get(entry.id);
    const wrong = timeline === undefined ? 'it has no timeline' : faultOf(entry, timeline);
    if (wrong !== undefined)
      yield { subject: entry.id, text: `order ${entry.id} has version ${entry.version}; ${wrong}` };
  }
}

/** The orders were read first, so a timeline may know more than the order's row did, never less. */
function faultOf({ version }: OrderEntry, timeline: Timeline): string | undefined {
  const made = timeline.versions.toSorted((a, b) => a - b);
  const isGapless = made.every((value, n) => value === n + 1);
  if (isGapless && made.length >= version) return undefined;
  return `its timeline has the versions ${made.join(', ')}`;
}
