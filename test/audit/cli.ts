import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { audit } from './audit.ts';
import { toTable } from './report.ts';
import { CannotAudit, findShop, sourcesOf } from './sources.ts';
import { complaintOf } from './words.ts';

const runsFolder = fileURLToPath(new URL('../../.runs/', import.meta.url));

function readOptions(args: string[]) {
  try {
    return parseArgs({ args, options: { info: { type: 'string' }, report: { type: 'string' } } }).values;
  } catch (cause) {
    throw new CannotAudit(`${complaintOf(cause)}; the options are --info FILE and --report FILE.`, { cause });
  }
}

async function run(): Promise<number> {
  const { info, report: reportFile } = readOptions(process.argv.slice(2));
  const shop = await findShop(info, runsFolder);
  const report = await audit(sourcesOf(shop));
  if (reportFile !== undefined) await writeFile(reportFile, `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(toTable(report, process.stdout.columns));
  console.log(`${report.verdict}  (read in ${(report.tookMs / 1_000).toFixed(1)} s)`);
  return report.verdict === 'PASS' ? 0 : 1;
}

process.exitCode = await run().catch((error: unknown) => {
  console.error(
    error instanceof CannotAudit ? error.message : `The books could not be read: ${describe(error)}.`,
  );
  return 2;
});

/** A connection that is refused on two addresses has no message of its own, only those of its parts. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
