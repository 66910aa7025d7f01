/**
 * `npm run docs`: writes the generated parts of the documents. `npm run docs -- report.json` quotes that run from now
 * on, and `--demo-cold 410 --demo-warm 95 --test-cold 900 --test-warm 420` are the times of the README's two commands,
 * in seconds. What is given is kept in `docs/measured.json`; what is not given stays as it is.
 */
import { execFileSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fill, generatedParts } from './generated.ts';
import { Measured, measuredFile, Run, readMeasured, timeNames } from './measured.ts';

const root = new URL('../../', import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(timeNames.map((name) => [name, { type: 'string' as const }])),
});
const measured = await readMeasured();
for (const name of timeNames) {
  const seconds = values[name];
  if (seconds !== undefined) measured.times[name] = Number(seconds);
}
const [reportFile] = positionals;
if (reportFile !== undefined) {
  const run = Run.parse(JSON.parse(await readFile(reportFile, 'utf8')));
  // A report is written at the end of its run.
  const date = (await stat(reportFile)).mtime.toISOString().slice(0, 10);
  measured.run = { date, ...run };
}
const written = new Set<string>();
if (reportFile !== undefined || Object.keys(values).length > 0) {
  await writeFile(measuredFile, `${JSON.stringify(Measured.parse(measured), undefined, 2)}\n`);
  written.add(measuredFile);
}
for (const { file, name, text } of generatedParts(measured)) {
  const place = fileURLToPath(new URL(file, root));
  await writeFile(place, fill(await readFile(place, 'utf8'), name, text));
  written.add(place);
  console.log(`${file}: ${name}`);
}
const biome = fileURLToPath(new URL('node_modules/.bin/biome', root));
execFileSync(biome, ['format', '--write', ...written], { stdio: 'ignore' });
