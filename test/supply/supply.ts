/**
 * `npm run supply`: asks the registry what is known against the packages that are locked, and compares that with what
 * `docs/security/advisories.json` explains. It exits with 1 when something is unexplained, and with 2 when the registry
 * could not be asked: no answer is no good news.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { runProgram, SetupError } from '@doorbuster/stack';
import { z } from 'zod';
import { root } from '../house/source.ts';
import { advisoriesFile, findingsIn, readAccepted, unexplainedAmong } from './advisories.ts';
import { lockedPackages } from './lock.ts';

const answerLimitMs = 120_000;
const outputBytesMax = 64 * 1024 * 1024;
/** npm exits with 1 both when it found something and when it could not ask; in either case it says what in JSON. */
const Output = z.object({ stdout: z.string() });

async function askRegistry(): Promise<unknown> {
  const options = { cwd: root, timeout: answerLimitMs, maxBuffer: outputBytesMax };
  const { stdout } = await promisify(execFile)('npm', ['audit', '--json'], options).catch((error) =>
    Output.parse(error),
  );
  return JSON.parse(stdout);
}

await runProgram(async () => {
  const [locked, accepted] = [lockedPackages(), readAccepted()];
  const findings = await askRegistry()
    .then((report) => findingsIn(report, locked))
    .catch((cause) => {
      const words =
        'The registry could not be asked for advisories, so nothing is known; `npm audit` says why.';
      throw new SetupError(words, { cause });
    });
  const unexplained = unexplainedAmong(findings, accepted);
  for (const one of unexplained) console.log(one);
  console.log(
    `${locked.length} packages are locked; ${findings.length} findings, ${unexplained.length} not explained in ${advisoriesFile}.`,
  );
  process.exitCode = unexplained.length === 0 ? 0 : 1;
});
