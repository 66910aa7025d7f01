import type { Measured } from './measured.ts';

type ComposeRun = NonNullable<Measured['compose']>;
type MiB = Record<string, number>;

const notYet =
  '_Nothing is quoted here yet: run `npm run test:compose -- --report compose.json`, then `npm run docs -- --compose compose.json`._';

const count = (n: number): string => n.toLocaleString('en-GB');

/** The load generator plays the customers; it is no part of the shop. */
const isShop = (container: string): boolean => container !== 'black-friday';

const totalOf = (memory: MiB): number =>
  Object.entries(memory).reduce((total, [name, mib]) => (isShop(name) ? total + mib : total), 0);

/** What the containers take, in one sentence. */
export function containerSentence(run: ComposeRun | null): string {
  if (run === null) return notYet;
  const { limits, atRest, atSpike } = run.memoryMiB;
  return (
    `In containers the shop takes ${count(totalOf(atRest))} MiB at rest and up to ${count(totalOf(atSpike))} MiB at ` +
    `the spike; its limits come to ${count(totalOf(limits))} MiB. The one image of all services has ` +
    `${count(run.imageMb.all)} MB, of which ${count(run.imageMb.ours)} MB lie over Node's own. ` +
    `\`docker compose up -d --wait\` took ${(run.upMs / 1_000).toFixed(0)} s with all images there.`
  );
}

/** The memory of each container, and what was tried. */
export function containerTable(run: ComposeRun | null): string {
  if (run === null) return notYet;
  const { date, machine, engine, memoryMiB, checks } = run;
  const { limits, atRest, atSpike } = memoryMiB;
  const names = Object.keys(limits).sort((a, b) => (atRest[b] ?? 0) - (atRest[a] ?? 0));
  const row = (name: string) =>
    `| ${name} | ${cell(atRest[name])} | ${cell(atSpike[name])} | ${cell(limits[name])} |`;
  return [
    `Measured on ${date}, ${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB, ${machine.platform}, Docker ` +
      `${engine}. ${containerSentence(run)}`,
    '',
    '| container, MiB | at rest | at the spike | limit |',
    '|---|---|---|---|',
    ...names.map(row),
    `| **the shop** | **${count(totalOf(atRest))}** | **${count(totalOf(atSpike))}** | **${count(totalOf(limits))}** |`,
    '',
    ...checks.map(({ name, holds, evidence }) => `- ${name}: ${holds ? 'holds' : '**FAILS**'}. ${evidence}`),
  ].join('\n');
}

const cell = (mib: number | undefined): string => (mib === undefined ? '' : count(mib));
