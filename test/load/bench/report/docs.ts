import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fill } from '../../../house/generated.ts';
import { type CostReport, costTable } from './costs.ts';
import { type OverloadReport, overloadTables } from './overload.ts';
import { plotOf } from './plot.ts';
import type { BenchReport } from './report.ts';
import { type Table, tablesOf, toMarkdown } from './table.ts';

const place = (name: string): string => fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));
/** The run that is quoted; the documents are written from it, and from nothing else. */
const quoted = place('performance.json');
const page = place('performance.md');
const picture = place('performance.svg');
/** What settings cost is measured apart, so it is quoted apart. */
const quotedCosts = place('costs.json');
const quotedOverload = place('overload.json');
const overloadPage = place('overload.md');
const biome = fileURLToPath(new URL('../../../../node_modules/.bin/biome', import.meta.url));

const notYet = '_Not measured yet: run `npm run bench -- --docs`._';

const partNames = ['summary', 'saturation', 'open-loop', 'cost', 'apart', 'messaging'];

/** What stands between the markers of docs/performance.md. */
export function performanceParts(report: BenchReport | null): Record<string, string> {
  if (report === null) return Object.fromEntries(partNames.map((name) => [name, notYet]));
  const { saturation, openLoop, cost, variants, messaging } = tablesOf(report);
  const withPlot = `${toMarkdown(openLoop)}\n\n![Throughput and latency against the offered load](performance.svg)`;
  return {
    summary: summaryOf(report),
    saturation: toMarkdown(saturation),
    'open-loop': withPlot,
    cost: toMarkdown(cost),
    apart: orNot(variants),
    messaging: orNot(messaging),
  };
}

const orNot = (table: Table): string =>
  table.rows.length === 0 ? '_Not measured in this run; `--variants` does._' : toMarkdown(table);

function summaryOf({ date, machine, plan, ratio, ratioRange, shop, monolith, verdict }: BenchReport): string {
  if (shop === null || monolith === null || ratio === null || ratioRange === null)
    throw new Error('Only a run of both sides is quoted');
  const { alternations, warmUpS, windowS } = plan;
  const [low, high] = ratioRange;
  return [
    `**${ratio.toFixed(2)} × the monolith** (${low.toFixed(2)}–${high.toFixed(2)}): ` +
      `${whole(shop.ordersPerSecond)} orders/s with ${whole(shop.openOrders)} orders open, the monolith ` +
      `${whole(monolith.ordersPerSecond)} at its best, with ${whole(monolith.openOrders)}. ` +
      `CPU for 1,000 orders: ${shop.cpuSecondsPer1000Orders.toFixed(2)} s, the monolith ` +
      `${monolith.cpuSecondsPer1000Orders.toFixed(2)} s. The auditor says ${verdict}.`,
    '',
    `Measured on ${date}, ${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB, ${machine.platform}, Node ` +
      `${machine.node}: medians of ${alternations} alternations, windows of ${windowS} s after ${warmUpS} s of warming up. ` +
      `At saturation at most ${Math.max(shop.noisePercent, monolith.noisePercent)} % of the machine was used by anything else.`,
  ].join('\n');
}

const whole = (n: number): string => n.toLocaleString('en-GB', { maximumFractionDigits: 0 });

/** The run that is quoted, or null before there was one. */
export async function readQuoted(): Promise<BenchReport | null> {
  const text = await readFile(quoted, 'utf8').catch(() => 'null');
  return JSON.parse(text);
}

/** What stands between the markers about costs. */
export function costParts(report: CostReport | null): Record<string, string> {
  if (report === null) return { costs: '_Not measured yet: run `npm run bench -- --costs 12 --docs`._' };
  const { date, windowS } = report;
  return { costs: `${toMarkdown(costTable(report))}\n\nMeasured on ${date}, windows of ${windowS} s.` };
}

/** The costs that are quoted, or null before they were measured. */
export async function readQuotedCosts(): Promise<CostReport | null> {
  return JSON.parse(await readFile(quotedCosts, 'utf8').catch(() => 'null'));
}

/** Quotes these costs from now on. */
export const writeCosts = (report: CostReport): Promise<void> =>
  quote(report, quotedCosts, page, costParts(report));

/** What stands between the markers of docs/overload.md. */
export function overloadParts(report: OverloadReport | null): Record<string, string> {
  if (report === null) {
    const text = '_Not measured yet: run `npm run bench -- --overload --docs`._';
    return { summary: text, goals: text, loads: text, fairness: text };
  }
  const { goals, loads, fairness } = overloadTables(report);
  return {
    summary: overloadSummary(report),
    goals: toMarkdown(goals),
    loads: toMarkdown(loads),
    fairness: toMarkdown(fairness),
  };
}

function overloadSummary({ date, seed, machine, plan, goals, verdict }: OverloadReport): string {
  const all = goals.flatMap(({ figures }) => Object.values(figures));
  const reached = all.filter(({ isReached }) => isReached).length;
  const { ratedPerS, windowMs, warmUpMs } = plan;
  return [
    `**${reached} of ${all.length} goals are reached**; the auditor says ${verdict}. The rated load is ` +
      `${whole(ratedPerS)} orders/s.`,
    '',
    `Measured on ${date}, ${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB, ${machine.platform}, Node ` +
      `${machine.node}: windows of ${windowMs / 1_000} s after ${warmUpMs / 1_000} s of warming up, seed ${seed}.`,
  ].join('\n');
}

/** The overload that is quoted, or null before it was measured. */
export async function readQuotedOverload(): Promise<OverloadReport | null> {
  return JSON.parse(await readFile(quotedOverload, 'utf8').catch(() => 'null'));
}

/** Quotes this overload from now on, whether goals were missed or not. @throws when its verdict is FAIL */
export async function writeOverload(report: OverloadReport): Promise<void> {
  if (report.verdict !== 'PASS') throw new Error('A run that failed its audit is not quoted');
  await quote(report, quotedOverload, overloadPage, overloadParts(report));
}

/** Quotes this run from now on: its figures, its tables and its picture. @throws when its verdict is FAIL */
export async function writeDocs(report: BenchReport): Promise<void> {
  if (report.verdict !== 'PASS') throw new Error('A run that failed its audit is not quoted');
  await quote(report, quoted, page, performanceParts(report));
  await writeFile(picture, plotOf(report));
}

/** Writes what was measured beside a document, and into it what stands between its markers. */
async function quote(
  report: object,
  file: string,
  document: string,
  parts: Record<string, string>,
): Promise<void> {
  let text = await readFile(document, 'utf8');
  for (const [name, part] of Object.entries(parts)) text = fill(text, name, part);
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
  execFileSync(biome, ['format', '--write', file], { stdio: 'ignore' });
  await writeFile(document, text);
}
