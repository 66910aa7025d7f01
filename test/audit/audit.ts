import { setTimeout as pause } from 'node:timers/promises';
import type { Books } from './books.ts';
import type { Finding, Invariant } from './invariant.ts';
import { invariants } from './invariants/index.ts';
import { readBooks } from './read-books.ts';
import { type Report, reportOf } from './report.ts';
import type { Sources } from './sources.ts';

/** What one reading of the books came to. */
export interface Reading {
  books: Books;
  verdicts: Verdict[];
}

export interface Verdict extends Pick<Invariant, 'id' | 'name'> {
  evidence: string;
  findings: Finding[];
}

/** A discrepancy that stays for so long, while nothing else gets better either, counts. */
const settleMs = 2_000;
const settleMsMax = 20_000;
const readEveryMs = 300;

/**
 * Reads all books and says whether the invariants hold. A discrepancy is read again before it counts, for as long
 * as there are fewer of them from one reading to the next: the books are read while the shop may still be at work.
 * @throws when a book cannot be read
 */
export async function audit(sources: Sources): Promise<Report> {
  const startedAt = performance.now();
  let { verdicts, report } = await look(sources, undefined);
  let betterAt = performance.now();
  while (size(verdicts) > 0 && performance.now() - betterAt < settleMs) {
    await pause(readEveryMs);
    const later = await look(sources, verdicts);
    const isBetter = size(later.verdicts) < size(verdicts);
    if (isBetter && performance.now() - startedAt < settleMsMax) betterAt = performance.now();
    ({ verdicts, report } = later);
  }
  return { ...report, tookMs: Math.round(performance.now() - startedAt) };
}

/** One reading. The books of many orders are large, so they are let go of before the next. */
async function look(
  sources: Sources,
  earlier: Verdict[] | undefined,
): Promise<{ verdicts: Verdict[]; report: Report }> {
  const reading = judge(await readBooks(sources));
  const counted = earlier === undefined ? reading : stillOpen(earlier, reading);
  return { verdicts: counted.verdicts, report: reportOf(counted) };
}

/** Judges the books. Pure. */
export function judge(books: Books): Reading {
  return { books, verdicts: invariants.map(({ id, name, judge }) => ({ id, name, ...judge(books) })) };
}

/** The later reading, with only those findings whose subject the earlier one named as well. */
export function stillOpen(before: Verdict[], after: Reading): Reading {
  const verdicts = after.verdicts.map((verdict, n) => {
    const named = new Set(before[n]?.findings.map(({ subject }) => subject));
    return { ...verdict, findings: verdict.findings.filter(({ subject }) => named.has(subject)) };
  });
  return { books: after.books, verdicts };
}

const size = (verdicts: Verdict[]): number =>
  verdicts.reduce((total, { findings }) => total + findings.length, 0);
