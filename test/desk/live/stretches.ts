import type { LiveJudgement, Part } from './judge.ts';
import { cutStretches, first, idAt, last, settledUpTo, stretchesAtOnce } from './ranges.ts';
import { type Databases, type Range, readSums, type Sums } from './sums.ts';

/** After this long everything that an order causes must be there, unless something was broken meanwhile. */
export const dueAfterMs = 60_000;
/** An id can be drawn a while before its order is written. */
const settlingMs = 10_000;
const reopenedMax = 20;

/** Settled orders that are added up once, and again from time to time. */
interface Stretch {
  range: Range;
  sums: Sums;
  /** Whether something in it is under way or looked wrong, so that the next look reads it again. */
  isOpen: boolean;
}

/**
 * All orders in parts. What is young is read at every look; what has settled is remembered, and one stretch of it is
 * read again: so a look costs about the same however many orders there are.
 */
export function keepStretches(databases: Databases) {
  const stretches: Stretch[] = [];
  let turn = 0;

  function toRead(): Stretch[] {
    const open = stretches.filter(({ isOpen }) => isOpen).slice(0, reopenedMax);
    const one = stretches[turn++ % Math.max(1, stretches.length)];
    return one === undefined || open.includes(one) ? open : [...open, one];
  }

  return {
    /** Gives undefined while there are old orders that nobody has added up yet. */
    async read(now: number): Promise<Part[] | undefined> {
      const oldEnd = idAt(now - dueAfterMs);
      const from = stretches.at(-1)?.range.to ?? first;
      const settling = { from: later(from, oldEnd), to: idAt(now - settlingMs) };
      const settledEnd = await settledUpTo(databases.order, settling);
      const fresh = await cutStretches(databases.order, from, settledEnd);
      const tail = tailOf(fresh.at(-1)?.to ?? from, oldEnd, settledEnd);
      const known = toRead();
      const ranges = [...known.map(({ range }) => range), ...fresh, ...tail.map(({ range }) => range)];
      const sums = (await readSums(databases, ranges)).values();
      for (const stretch of known) stretch.sums = next(sums);
      for (const range of fresh) stretches.push({ range, sums: next(sums), isOpen: false });
      if (fresh.length === stretchesAtOnce) return undefined;
      return [
        ...stretches.map(({ range, sums }) => {
          return { subject: range.from, range, sums, isDue: range.to <= oldEnd };
        }),
        ...tail.map((part) => ({ ...part, sums: next(sums) })),
      ];
    },
    /** Decides which of them the next look reads again. */
    judged(judgements: LiveJudgement[]): void {
      const subjects = new Set(judgements.flatMap(({ findings }) => findings.map(({ subject }) => subject)));
      for (const stretch of stretches)
        stretch.isOpen = isUnderWay(stretch.sums) || subjects.has(stretch.range.from);
    },
  };
}

/** What grows old passes from one to the next, so the first two go by one name. */
function tailOf(from: string, oldEnd: string, settledEnd: string): Omit<Part, 'sums'>[] {
  const middle = later(from, oldEnd);
  return [
    { subject: 'settled', range: { from, to: middle }, isDue: true },
    { subject: 'settled', range: { from: middle, to: settledEnd }, isDue: false },
    { subject: 'young', range: { from: settledEnd, to: last }, isDue: false },
  ];
}

const later = (one: string, other: string): string => (one > other ? one : other);

const isUnderWay = ({ unfinished, told, completed, cancelled }: Sums): boolean =>
  unfinished > 0 || told < completed + cancelled;

function next(sums: Iterator<Sums>): Sums {
  const { value } = sums.next();
  if (value === undefined) throw new RangeError('a range has no sums');
  return value;
}
