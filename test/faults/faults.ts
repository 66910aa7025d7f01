/**
 * `npm run faults -- --report FILE`: breaks the shop in every way that the table lists, one after the other, a line each.
 * `--only 8,10` runs these, and with the `--seed` of a run they go as they went then.
 */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { onTermination, runProgram, SetupError, showProgress } from '@doorbuster/stack';
import type { FaultResult } from './case.ts';
import { runCases } from './harness/run-cases.ts';
import { readFaultOptions } from './options.ts';
import { FaultReport, machine } from './report.ts';
import { faults } from './table.ts';

const ending = new AbortController();
onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));
const { signal } = ending;

await runProgram(async () => {
  const { seed, only, reportFile } = readFaultOptions(
    process.argv.slice(2),
    faults.map(({ id }) => id),
  );
  const chosen = faults.filter(({ id }) => only === undefined || only.includes(id));
  const progress = showProgress();
  console.log(`${chosen.length} faults, seed ${seed}`);
  const report: FaultReport = { seed, machine: machine(), results: await resultsBefore(reportFile, seed) };
  const onResult = (result: FaultResult) => {
    tell(result);
    const known = [...report.results.filter(({ id }) => id !== result.id), result];
    report.results = faults.flatMap((one) => known.filter(({ id }) => id === one.id));
    if (reportFile !== undefined) writeFileSync(reportFile, `${JSON.stringify(report, undefined, 2)}\n`);
  };
  const options = { seed, progress, signal, onResult };
  const results = await runCases(chosen, faults, options).catch((error) => {
    throw signal.aborted ? signal.reason : error;
  });
  progress.close();
  const failed = results.filter(({ result }) => result === 'FAILS');
  console.log(failed.length === 0 ? 'PASS' : `FAIL: ${failed.map(({ id }) => id).join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
});

/** What the file has of an earlier run with the same seed stays, but for the faults that are run again. */
async function resultsBefore(file: string | undefined, seed: number): Promise<FaultReport['results']> {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const before = FaultReport.parse(JSON.parse(text));
  return before.seed === seed ? before.results : [];
}

function tell({ id, title, result, evidence, seconds, holds, keptIn }: FaultResult): void {
  console.log(
    `${id.padStart(3)}  ${result.padEnd(8)}  ${title} (${holds.join(', ')}; ${seconds} s): ${evidence}`,
  );
  if (keptIn !== undefined) console.log(`     what it left behind is in ${keptIn}`);
}
