/**
 * `npm run hostile -- --report FILE`: tries on a shop of its own what strangers try, a line for each kind; the file lists
 * every case with its result. `--only wire,slow` tries these groups, and the same seed the same inputs.
 */
import { writeFileSync } from 'node:fs';
import { onTermination, runProgram, SetupError, showProgress, startShop } from '@doorbuster/stack';
import { machine } from '../faults/report.ts';
import { doorsOf, HostileInfo } from './doors.ts';
import { groups } from './groups/index.ts';
import { readHostileOptions } from './options.ts';
import type { GroupSummary, HostileSummary } from './report.ts';
import { type GroupResult, runGroup } from './run-group.ts';
import { runSchemathesis, schemathesis } from './schemathesis.ts';

const ending = new AbortController();
onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));
const { signal } = ending;
/** For each route that takes a body. */
const bodiesPerRoute = 150;

await runProgram(async () => {
  const ids = [...groups, schemathesis].map(({ id }) => id);
  const { seed, only, reportFile } = readHostileOptions(process.argv.slice(2), ids);
  const progress = showProgress();
  const shop = await startShop({ progress, signal, desk: true, traceShare: 0 });
  progress.close();
  const results: GroupResult[] = [];
  const isChosen = ({ id }: { id: string }) => only === undefined || only.includes(id);
  const keep = (result: GroupResult) => {
    results.push(result);
    tell(result.summary);
    if (reportFile !== undefined)
      writeFileSync(reportFile, `${JSON.stringify(toReport(seed, results), undefined, 1)}\n`);
  };
  try {
    const info = HostileInfo.parse(shop.info);
    const context = { info, doors: await doorsOf(info), seed, bodiesPerRoute };
    for (const group of groups.filter(isChosen)) {
      signal.throwIfAborted();
      keep(await runGroup(group, context));
    }
    if (isChosen(schemathesis)) {
      const summary = await runSchemathesis(context, { progress, signal });
      if (typeof summary === 'string') console.log(`${schemathesis.id}  ${summary}`);
      else keep({ summary, cases: [] });
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    await shop.stop();
  }
  const failed = results.filter(({ summary }) => summary.faults.length > 0);
  const tried = results.reduce((sum, { summary }) => sum + summary.tried, 0);
  console.log(
    `${tried} cases: ${failed.length === 0 ? 'PASS' : `FAIL: ${failed.map(({ summary }) => summary.id).join(', ')}`}`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
});

function toReport(seed: number, results: readonly GroupResult[]): HostileSummary {
  return { seed, machine: machine(), groups: results.map(({ summary, cases }) => ({ ...summary, cases })) };
}

function tell({
  id,
  title,
  tried,
  statuses,
  faults,
  tables,
  processes,
  neighbour,
  seconds,
}: GroupSummary): void {
  const counts = Object.entries(statuses).map(([status, count]) => `, ${count} × ${status}`);
  const { requests, latencyMs } = neighbour;
  console.log(
    `${id.padEnd(10)}  ${faults.length === 0 ? 'holds' : 'FAILS'}  ${title}: ${tried} tried in ${seconds} s${counts.join('')}; ` +
      `${tables} tables and ${processes} processes as they were; ${requests} requests of another client, p99 ${latencyMs.p99} ms`,
  );
  for (const fault of faults) console.log(`            ${fault}`);
}
