// Breaks: the promise, which nobody made, that a message comes once. How: the newest 2,000 records are published again, two
// to five times each, in any order, while orders come in. Must hold: I2, I3, I6.
import { mulberry32, wholeBetween } from '../../load/random.ts';
import type { FaultCase } from '../case.ts';
import { publish, readRecords, shuffled } from '../harness/records.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const newest = 2_000;

export const duplicates: FaultCase = {
  id: '15',
  title: 'duplicates',
  breaks: 'the newest 2,000 records of all topics',
  how: 'each is published again 2–5 times, shuffled',
  holds: everything,
  async run(context) {
    const { bench } = context;
    const random = mulberry32(context.seed + 1);
    let sent = 0;
    const repeat = async () => {
      const all = (await readRecords(bench)).toSorted((a, b) =>
        (a.headers['ce_time'] ?? '') < (b.headers['ce_time'] ?? '') ? -1 : 1,
      );
      const again = all.slice(-newest).flatMap((record) => {
        return Array.from({ length: wholeBetween(random, 2, 5) }, () => record);
      });
      await publish(bench, shuffled(again, random));
      sent = again.length;
    };
    const schedule = [{ what: 'records come again', atMs: 5_000, do: repeat }];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 9 });
    return { evidence: `${sent} records published again; ${evidence}` };
  },
};
