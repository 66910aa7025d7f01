import { writeFile } from 'node:fs/promises';
import { findShop, readArguments, runProgram, SetupError } from '@doorbuster/stack';
import { audit } from './audit.ts';
import { toTable } from './report.ts';
import { ShopInfo, sourcesOf } from './sources.ts';

const options = { info: { type: 'string' }, report: { type: 'string' } } as const;

await runProgram(async () => {
  const { values } = readArguments(
    { args: process.argv.slice(2), options },
    'the options are --info FILE and --report FILE',
  );
  const shop = await findShop(ShopInfo, values.info);
  const report = await audit(sourcesOf(shop)).catch((cause) => {
    throw new SetupError(`The books could not be read: ${describe(cause)}.`, { cause });
  });
  if (values.report !== undefined)
    await writeFile(values.report, `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(toTable(report, process.stdout.columns));
  console.log(`${report.verdict}  (read in ${(report.tookMs / 1_000).toFixed(1)} s)`);
  process.exitCode = report.verdict === 'PASS' ? 0 : 1;
});

/** A connection that is refused on two addresses has no message of its own, only those of its parts. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
