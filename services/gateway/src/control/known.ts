import type { Pulse } from '@doorbuster/contracts';
import { type Book, createBook } from './book.ts';
import { addCounts, type Counts, countsOf, noCounts } from './counts.ts';
import { type Pick, toReading } from './reading.ts';

/** An instance that was ever heard of, while somebody looked. */
export interface KnownInstance {
  id: string;
  service: string;
  /** Where it was last asked; undefined while that was nowhere. */
  origin: string | undefined;
  book: Book;
  /** Whether it answered when it was last asked. */
  answers: boolean;
  wasHealthy: boolean;
  /** Since when it is gone, Unix time in ms; undefined while it is there. */
  goneSince: number | undefined;
}

/** Everybody whom the collector knows, and what all of them have counted. */
export interface Known {
  of(service: string): KnownInstance[];
  /** The instance of this id; it is known from then on. */
  one(service: string, id: string): KnownInstance;
  /** Takes in what an instance answered. */
  take(service: string, pulse: Pulse): void;
  /** What all processes have counted, those that are gone included. */
  counts(): Counts;
  /** How much this grew in a second, over all instances of the service. */
  perS(service: string, pick: Pick): number;
}

/** In containers every instance has a name of its own, so those that are gone must not pile up. */
const instancesMax = 500;

export function createKnown(lookedSince: number, now: () => number): Known {
  const all = new Map<string, KnownInstance>();
  let ended = noCounts;

  const end = (reading: Parameters<typeof countsOf>[0]) => {
    ended = addCounts(ended, countsOf(reading));
  };

  function one(service: string, id: string): KnownInstance {
    const known = all.get(id);
    if (known !== undefined) return known;
    const book = createBook(lookedSince, now, end);
    const fresh: KnownInstance = {
      id,
      service,
      origin: undefined,
      book,
      answers: false,
      wasHealthy: false,
      goneSince: undefined,
    };
    all.set(id, fresh);
    if (all.size > instancesMax) forgetOldest();
    return fresh;
  }

  function forgetOldest(): void {
    const [oldest] = [...all.values()].filter(({ goneSince }) => goneSince !== undefined);
    if (oldest === undefined) return;
    const last = oldest.book.last();
    if (last !== undefined) end(last);
    all.delete(oldest.id);
  }

  const of = (service: string) => [...all.values()].filter((known) => known.service === service);

  return {
    of,
    one,
    take(service, pulse) {
      const teller = one(service, pulse.instance);
      teller.answers = true;
      teller.book.take(toReading(pulse));
    },
    counts: () =>
      [...all.values()].reduce((sum, { book }) => {
        const last = book.last();
        return last === undefined ? sum : addCounts(sum, countsOf(last));
      }, ended),
    perS: (service, pick) =>
      of(service).reduce((sum, { book, answers }) => (answers ? sum + book.perS(pick) : sum), 0),
  };
}
