import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureTools, onTermination, runProgram, SetupError, showProgress } from '@doorbuster/stack';
import { catalogueCsv } from './mix.ts';
import { type BenchOptions, readBenchOptions } from './options.ts';
import type { OverloadPlan } from './overload/plan.ts';
import { runOverload } from './overload/run.ts';
import { type Pair, runPaired, settings } from './paired.ts';
import { profileSide } from './profile.ts';
import { type CostReport, costTable, summariseCosts } from './report/costs.ts';
import { writeCosts, writeDocs, writeOverload } from './report/docs.ts';
import { overloadTables, summariseOverload } from './report/overload.ts';
import type { BenchReport } from './report/report.ts';
import { tablesOf, toText } from './report/table.ts';
import { runBench } from './run-bench.ts';
import type { RunContext } from './run-side.ts';
import { starts } from './variants.ts';

const ending = new AbortController();
const { signal } = ending;
onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));

await runProgram(async () => {
  const options = readBenchOptions(process.argv.slice(2));
  const progress = showProgress();
  await ensureTools({ progress, signal }).finally(progress.close);
  // In a place with a short name: the probes listen on sockets in it, and their paths have a limit.
  const scratch = await mkdtemp(path.join(tmpdir(), 'doorbuster-bench-'));
  const catalogueFile = path.join(scratch, 'catalogue.csv');
  await writeFile(catalogueFile, catalogueCsv());
  const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);
  const { seed, instances, oldOrders } = options;
  const context: RunContext = { catalogueFile, scratch, seed, instances, oldOrders, signal, say };
  try {
    if (options.profileFolder !== undefined) {
      for (const side of options.sides) {
        const into = path.join(options.profileFolder, side);
        console.log(await profileSide(starts[side], options.plan, context, into));
      }
      return;
    }
    if (options.costPairs !== undefined) {
      const costs = await measureCosts(options.costPairs, options, context);
      console.log(`\n${toText(costTable(costs))}`);
      if (options.reportFile !== undefined) await writeJson(options.reportFile, costs);
      if (options.writesDocs) await writeCosts(costs);
      return;
    }
    if (options.overload !== undefined) {
      await measureOverload(options.overload, options, context);
      return;
    }
    const report = await runBench(options, context);
    tell(report);
    if (options.reportFile !== undefined) await writeJson(options.reportFile, report);
    if (options.writesDocs) await writeDocs(report);
    process.exitCode = report.verdict === 'PASS' ? 0 : 1;
  } catch (error) {
    // What was under way when the signal came fails in many ways, for this one reason.
    throw signal.aborted ? signal.reason : error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});

async function measureCosts(
  pairs: number,
  { plan, setting: words }: BenchOptions,
  context: RunContext,
): Promise<CostReport> {
  const measured: Record<string, Pair[]> = {};
  for (const [name, setting] of Object.entries(settings)) {
    if (!name.includes(words)) continue;
    context.say(`${name}: starting two shops`);
    measured[name] = await runPaired(setting, pairs, plan, context);
  }
  return summariseCosts(measured, plan.times.windowMs);
}

async function measureOverload(
  plan: OverloadPlan,
  { seed, reportFile, writesDocs }: BenchOptions,
  context: RunContext,
): Promise<void> {
  const report = summariseOverload(await runOverload(plan, context), plan, seed);
  for (const table of Object.values(overloadTables(report))) console.log(`\n${toText(table)}`);
  console.log(`\n${report.verdict}`);
  if (reportFile !== undefined) await writeJson(reportFile, report);
  // A missed goal is told, and is quoted like one that was reached; only wrong books are an error.
  process.exitCode = report.verdict === 'PASS' ? 0 : 1;
  if (writesDocs && report.verdict === 'PASS') await writeOverload(report);
}

async function writeJson(file: string, report: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

function tell(report: BenchReport): void {
  const { ratio, ratioRange, verdict } = report;
  if (verdict === 'FAIL') {
    console.log('\nFAIL: what is fast and wrong is no result');
    return;
  }
  const tables = Object.values(tablesOf(report)).filter(({ rows }) => rows.length > 0);
  for (const table of tables) console.log(`\n${toText(table)}`);
  const compared =
    ratio === null || ratioRange === null
      ? ''
      : `${ratio.toFixed(2)} × the monolith (${ratioRange.map((end) => end.toFixed(2)).join('–')})  `;
  console.log(`\n${compared}${verdict}`);
}
