import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureTools, onTermination, runProgram, SetupError, showProgress } from '@doorbuster/stack';
import { catalogueCsv } from './mix.ts';
import { readBenchOptions } from './options.ts';
import { profileSide } from './profile.ts';
import { writeDocs } from './report/docs.ts';
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
    const report = await runBench(options, context);
    tell(report);
    if (options.reportFile !== undefined) {
      await writeFile(options.reportFile, `${JSON.stringify(report, undefined, 2)}\n`);
    }
    if (options.writesDocs) await writeDocs(report);
    process.exitCode = report.verdict === 'PASS' ? 0 : 1;
  } catch (error) {
    // What was under way when the signal came fails in many ways, for this one reason.
    throw signal.aborted ? signal.reason : error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});

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
