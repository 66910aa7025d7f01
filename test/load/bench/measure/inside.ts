import { readdir, readFile } from 'node:fs/promises';

const ticksPerS = 100;

/**
 * The processor seconds that a server's threads, or a database's processes, have used so far, by what they are there
 * for. Empty where there is no /proc.
 */
export async function insideOf(pid: number): Promise<Map<string, number>> {
  const seconds = new Map<string, number>();
  const add = (name: string, used: number) => seconds.set(name, (seconds.get(name) ?? 0) + used);
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  for (const thread of threads) {
    const place = `/proc/${pid}/task/${thread}`;
    const name = (await readText(`${place}/comm`)).trim();
    // "kafka-request-handler-3" and "C2 CompilerThread0" are one of several that do the same.
    add(name.replaceAll(/[-#]*\d+/g, ''), await secondsOf(place));
    for (const child of (await readText(`${place}/children`)).split(' ').filter(Boolean)) {
      add(await titleOf(child), await secondsOf(`/proc/${child}`));
    }
  }
  return seconds;
}

/** PostgreSQL writes into its command line what a process does: "postgres: order order 127.0.0.1(5) idle". */
async function titleOf(pid: string): Promise<string> {
  const words = (await readText(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ').trim().split(' ');
  const isSession = words.some((word) => /\(\d+\)$/.test(word));
  return isSession ? `session of ${words[2]}` : words.slice(0, 3).join(' ');
}

async function secondsOf(place: string): Promise<number> {
  const stat = await readText(`${place}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerS;
}

const readText = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** What was used from one look to the next, the most first. */
export function insideBetween(before: Map<string, number>, after: Map<string, number>): [string, number][] {
  return [...after]
    .map(([name, seconds]): [string, number] => [name, seconds - (before.get(name) ?? 0)])
    .filter(([, seconds]) => seconds > 0)
    .sort(([, a], [, b]) => b - a);
}
