import { endOf, type Ran } from './docker.ts';
import type { Project } from './project.ts';

/** How long a Black Friday is, and how many orders a second it comes to. */
export interface Height {
  seconds: number;
  peak: number;
}

export interface Spike {
  /** Resolves when the first order is accepted, or when that will not be any more. */
  hasBegun: Promise<unknown>;
  /** Whether customers come and will come for a while yet: afterwards it is the auditor's turn, who needs the books. */
  isSelling(): boolean;
  /** Resolves with the verdict's own words. @throws when the verdict is not PASS */
  verdict(): Promise<string>;
}

/** Whatever is struck in the last part of a spike might not be back when the books are read. */
const strikingShare = 0.6;

/** Sends the customers of a Black Friday into a shop that is up, and the auditor after them. */
export function startSpike(project: Project, { seconds, peak }: Height): Spike {
  const shop = ['--shop', 'test/load/shop-in-containers.json'];
  // Without its dependencies: what is killed meanwhile is not to be started by us.
  const height = ['--seconds', String(seconds), '--peak', String(peak)];
  const words = ['run', '--rm', '-T', '--no-deps', 'black-friday', ...shop, ...height];
  const begun = Promise.withResolvers<void>();
  let untilMs = 0;
  const onOut = (out: string) => {
    if (untilMs > 0 || !out.includes('The first order was accepted')) return;
    untilMs = performance.now() + seconds * 1_000 * strikingShare;
    begun.resolve();
  };
  const running = project.tryCompose(['--profile', 'black-friday', ...words], { onOut });
  // Who waits for the verdict hears of a failure; until then it must not end the process.
  running.catch(() => undefined).finally(() => begun.resolve());
  return {
    hasBegun: begun.promise,
    isSelling: () => performance.now() < untilMs,
    verdict: async () => verdictOf(await running),
  };
}

/** What the verdict says in one line, out of all that the run wrote. */
export function verdictOf(ran: Ran): string {
  if (ran.code !== 0) throw new Error(`It ended with ${ran.code}:\n${endOf(ran)}`);
  const lines = ran.out.split('\n').map((line) => line.replace(/^black-friday-1\s+\| ?/, '').trim());
  const accepted = lines.find((line) => /^accepted [\d,]+, confirmed/.test(line));
  const verdict = lines.find((line) => line.startsWith('PASS'));
  if (accepted === undefined || verdict === undefined) throw new Error(`It gave no verdict:\n${endOf(ran)}`);
  return `PASS: ${accepted}`;
}
