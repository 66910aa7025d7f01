import { atStart, type Pick, type Reading } from './reading.ts';

/** What the collector knows of one instance: its last readings. */
export interface Book {
  /** Takes a reading in; one that was taken before changes nothing. */
  take(reading: Reading): void;
  /** The last reading, however old it is. */
  last(): Reading | undefined;
  /** The same, or undefined where it is too old to be news. */
  latest(): Reading | undefined;
  /** The reading before the last one. */
  before(): Reading | undefined;
  /** How much this grew in a second, between the last two readings. */
  perS(pick: Pick): number;
  /** The first and the last reading of that time, where there are two. */
  window(): { first: Reading; last: Reading } | undefined;
}

const windowMs = 10_000;
/** Over less than this a rate says nothing. */
const shortestS = 0.5;
/** A reading that is older than this says nothing about now. */
const newsMs = 3_500;

/**
 * Keeps the readings of an instance. Counts begin at nought with every process, so readings of two processes are never
 * compared: `onEnd` gets the last one of the process that is gone. What is known to have begun while somebody looked is
 * compared with its own beginning; of what was there before, the first reading is where counting starts.
 */
export function createBook(
  lookedSince: number,
  now: () => number,
  onEnd: (last: Reading) => void = () => undefined,
): Book {
  let readings: Reading[] = [];

  const latest = () => {
    const last = readings.at(-1);
    return last !== undefined && now() - last.at < newsMs ? last : undefined;
  };

  return {
    last: () => readings.at(-1),
    before: () => readings.at(-2),
    latest,
    take(reading) {
      const last = readings.at(-1);
      if (last?.at === reading.at) return;
      if (last !== undefined && last.startedAt !== reading.startedAt) {
        onEnd(last);
        readings = [];
      }
      if (readings.length === 0 && reading.startedAt > lookedSince) readings.push(atStart(reading));
      const from = reading.at - windowMs;
      readings = [...readings.filter(({ at }) => at >= from), reading];
    },
    perS(pick) {
      const last = latest();
      const before = readings.at(-2);
      if (last === undefined || before === undefined) return 0;
      const seconds = Math.max(shortestS, (last.at - before.at) / 1_000);
      return toHundredths(Math.max(0, pick(last) - pick(before)) / seconds);
    },
    window() {
      const [first] = readings;
      const last = latest();
      return first === undefined || last === undefined || first === last ? undefined : { first, last };
    },
  };
}

/** More digits would only be sent around. */
export const toHundredths = (value: number): number => Math.round(value * 100) / 100;
