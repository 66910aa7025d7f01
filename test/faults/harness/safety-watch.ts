import { setTimeout as pause } from 'node:timers/promises';
import { judge, stillOpen, type Verdict } from '../../audit/audit.ts';
import { readBooks } from '../../audit/read-books.ts';
import { type ShopInfo, sourcesOf } from '../../audit/sources.ts';

/** What must hold at every moment; the others only when the fault is mended and all is quiet. */
const safety = ['I1', 'I2', 'I3', 'I5', 'I8'];
const lookEveryMs = 1_500;

export interface SafetyWatch {
  /** Looks no more; tells what two looks in a row have seen, and how many looks there were. */
  stop(): Promise<{ looks: number; findings: string[] }>;
}

/** Judges the books again and again while the shop is being broken. Books that cannot be read now are read later. */
export function watchSafety(info: ShopInfo): SafetyWatch {
  const stopping = new AbortController();
  // What is in the topics says nothing of safety, and reading them would be the most work.
  const sources = { ...sourcesOf(info), kafka: null, mailbox: null };
  const seen = new Map<string, string>();
  let before: Verdict[] | undefined;
  let looks = 0;

  async function look(): Promise<void> {
    const reading = judge(await readBooks(sources));
    looks++;
    const counted = before === undefined ? [] : stillOpen(before, reading).verdicts;
    before = reading.verdicts;
    for (const { id, findings } of counted) {
      if (!safety.includes(id)) continue;
      for (const { subject, text } of findings)
        seen.set(`${id} ${subject}`, `${id} while it lasted: ${text}`);
    }
  }

  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look().catch(() => undefined);
      await pause(lookEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await looking;
      return { looks, findings: [...seen.values()] };
    },
  };
}
