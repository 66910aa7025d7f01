/**
 * `npm run docs`: writes the generated parts of the documents. `npm run docs -- report.json` quotes that run from now
 * on, and `--demo-cold 410 --demo-warm 95 --test-cold 900 --test-warm 420` are the times of the README's two commands,
 * in seconds. What is given is kept in `docs/measured.json`; what is not given stays as it is.
 * `npm run docs -- --compose compose.json` quotes that run of `npm run test:compose` from now on.
 * `npm run docs -- --faults faults.json` quotes that run of `npm run faults` from now on.
 * `npm run docs -- --hostile hostile.json` quotes that run of `npm run hostile` from now on.
 * `npm run docs -- --databases` writes the pages of the databases too, for which it starts the real servers.
 */
import { execFileSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ComposeRun } from '../compose/report.ts';
import { describeOnOwnServers } from '../databases/on-own-servers.ts';
import { FaultReport } from '../faults/report.ts';
import { HostileSummary } from '../hostile/report.ts';
import { fill, generatedFiles, generatedParts } from './generated.ts';
import { Measured, measuredFile, Run, readMeasured, timeNames } from './measured.ts';

const root = new URL('../../', import.meta.url);

const timeOptions = Object.fromEntries(timeNames.map((name) => [name, { type: 'string' as const }]));
const options = {
  ...timeOptions,
  databases: { type: 'boolean' as const },
  compose: { type: 'string' as const },
  faults: { type: 'string' as const },
  hostile: { type: 'string' as const },
};
const { values, positionals } = parseArgs({ allowPositionals: true, options });
const {
  databases = false,
  compose: composeFile,
  faults: faultsFile,
  hostile: hostileFile,
  ...given
} = values;
const times: Record<string, string | undefined> = given;
const measured = await readMeasured();
for (const name of timeNames) {
  const seconds = times[name];
  if (seconds !== undefined) measured.times[name] = Number(seconds);
}
/** A report is written at the end of its run. */
const dayOf = async (report: string): Promise<string> =>
  (await stat(report)).mtime.toISOString().slice(0, 10);

const [reportFile] = positionals;
if (reportFile !== undefined) {
  const run = Run.parse(JSON.parse(await readFile(reportFile, 'utf8')));
  measured.run = { date: await dayOf(reportFile), ...run };
}
if (composeFile !== undefined) {
  const run = ComposeRun.parse(JSON.parse(await readFile(composeFile, 'utf8')));
  measured.compose = { date: await dayOf(composeFile), ...run };
}
if (faultsFile !== undefined) {
  const run = FaultReport.parse(JSON.parse(await readFile(faultsFile, 'utf8')));
  measured.faults = { date: await dayOf(faultsFile), ...run };
}
if (hostileFile !== undefined) {
  const run = HostileSummary.parse(JSON.parse(await readFile(hostileFile, 'utf8')));
  measured.hostile = { date: await dayOf(hostileFile), ...run };
}
const written = new Set<string>();
if (
  [reportFile, composeFile, faultsFile, hostileFile].some((file) => file !== undefined) ||
  Object.keys(times).length > 0
) {
  await writeFile(measuredFile, `${JSON.stringify(Measured.parse(measured), undefined, 2)}\n`);
  written.add(measuredFile);
}
for (const { file, name, text } of generatedParts(measured)) {
  const place = fileURLToPath(new URL(file, root));
  await writeFile(place, fill(await readFile(place, 'utf8'), name, text));
  written.add(place);
  console.log(`${file}: ${name}`);
}
for (const { file, text } of generatedFiles()) {
  await writeFile(new URL(file, root), text);
  console.log(file);
}
for (const { file, text } of databases ? (await describeOnOwnServers()).pages : []) {
  await writeFile(new URL(file, root), text);
  console.log(file);
}
const biome = fileURLToPath(new URL('node_modules/.bin/biome', root));
execFileSync(biome, ['format', '--no-errors-on-unmatched', '--write', ...written], { stdio: 'ignore' });
