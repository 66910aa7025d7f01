/**
 * `npm test`: everything, in the order in which it fails fastest. `npm test -- unit shop` runs only these parts;
 * words with a dash or a dot in them go to Jest, such as `npm test -- component -t twice`.
 */
import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createTopics } from '@doorbuster/messaging';
import {
  onTermination,
  runProgram,
  SetupError,
  showProgress,
  startServers,
  startShop,
} from '@doorbuster/stack';
import { z } from 'zod';
import { findChrome } from './browser/find-chrome.ts';
import { whyNoContainers } from './compose/engine.ts';
import { ComposeRun } from './compose/report.ts';

interface Result {
  passed: number;
  failed: number;
}

const ending = new AbortController();
onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));
const { signal } = ending;
const root = path.resolve(import.meta.dirname, '..');
const progress = showProgress();

const JestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numFailedTestSuites: z.int(),
});

const parts: Record<string, (context: Context) => Promise<Result>> = {
  check: async () =>
    sum([
      await command('biome', ['check', '.']),
      await command('tsc', ['--noEmit']),
      await command('tsc', ['--noEmit', '-p', 'services/gateway/web']),
    ]),
  unit: (context) => jest(context, '^(?!.*\\.(component|shop|browser|fault)\\.test\\.ts$).*\\.test\\.ts$'),
  component: async (context) => {
    const servers = await startServers({ progress, signal });
    try {
      await createTopics(servers.kafka);
      return await jest(context, '\\.component\\.test\\.ts$', servers);
    } finally {
      await servers.stop();
    }
  },
  shop: async (context) => {
    const shop = await startShop({ progress, signal });
    try {
      return await jest(context, '\\.shop\\.test\\.ts$', shop.info);
    } finally {
      await shop.stop();
    }
  },
  browser: async (context) => {
    await findChrome({ progress, signal });
    const shop = await startShop({ progress, signal, desk: true });
    try {
      return await jest(context, '\\.browser\\.test\\.ts$', shop.info);
    } finally {
      await shop.stop();
    }
  },
  // These kill what they run against, so each starts its own, one after the other.
  fault: (context) => jest(context, '\\.fault\\.test\\.ts$'),
  demo: async () => command('node', ['test/load/demo.ts', '--seconds', '20', ...(await realBaskets())]),
  compose: async ({ scratch }) => {
    const why = await whyNoContainers();
    if (why === undefined) return containers(path.join(scratch, 'compose.json'));
    console.log(`Nothing of the shop in containers was tested: ${why}.`);
    return { passed: 0, failed: 0 };
  },
};

interface Context {
  /** A folder of this run. */
  scratch: string;
  jestWords: string[];
}

await runProgram(async () => {
  const words = process.argv.slice(2);
  const named = words.filter((word) => Object.hasOwn(parts, word));
  const jestWords = words.filter((word) => !Object.hasOwn(parts, word));
  const scratch = await mkdtemp(path.join(tmpdir(), 'doorbuster-test-'));
  const rows: { part: string; minutes: string; passed: number; failed: number }[] = [];
  try {
    for (const part of named.length > 0 ? named : Object.keys(parts)) {
      const startedAt = performance.now();
      const { passed, failed } = (await parts[part]?.({ scratch, jestWords })) ?? { passed: 0, failed: 1 };
      signal.throwIfAborted();
      rows.push({ part, minutes: ((performance.now() - startedAt) / 60_000).toFixed(1), passed, failed });
    }
  } finally {
    progress.close();
    await rm(scratch, { recursive: true, force: true });
  }
  const { passed, failed } = sum(rows);
  console.table(rows);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
});

/** Runs a program of the project; its exit code is one check. */
async function command(program: string, args: string[]): Promise<Result> {
  const code = await run(program, args, {});
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** The shop in containers; each thing that was tried is one check. */
async function containers(report: string): Promise<Result> {
  const code = await run('node', ['test/compose/run.ts', '--report', report], {});
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1 };
  const { checks } = ComposeRun.parse(JSON.parse(text));
  const passed = checks.filter(({ holds }) => holds).length;
  return { passed, failed: Math.max(checks.length - passed, code === 0 ? 0 : 1) };
}

async function jest({ scratch, jestWords }: Context, pattern: string, info?: object): Promise<Result> {
  const report = path.join(scratch, 'report.json');
  const infoFile = path.join(scratch, 'info.json');
  if (info !== undefined) await writeFile(infoFile, JSON.stringify(info), { mode: 0o600 });
  const workers = info === undefined ? Math.max(1, availableParallelism() - 1) : 1;
  const args = [
    '--testPathPatterns',
    pattern,
    '--json',
    '--outputFile',
    report,
    '--maxWorkers',
    String(workers),
    // A failed test may leave a connection open; that must not keep everybody waiting.
    '--forceExit',
  ];
  const code = await run('npm', ['run', '--silent', 'jest', '--', ...args, ...jestWords], {
    DOORBUSTER_TEST_INFO: infoFile,
  });
  const text = await readFile(report, 'utf8').catch(() => undefined);
  await rm(report, { force: true });
  if (text === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JestReport.parse(JSON.parse(text));
  // A suite that could not even be loaded has no failed tests in it; it must not count as none.
  const failed = Math.max(numFailedTests, numFailedTestSuites, code === 0 ? 0 : 1);
  return { passed: numPassedTests, failed };
}

/** Resolves with the exit code; the child ends with us. */
async function run(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  // Jest's JSON goes to a file; what people read goes to the terminal.
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', args.includes('--json') ? 'ignore' : 'inherit', 'inherit'],
  });
  child.on('error', reject);
  child.on('close', (code) => resolve(code ?? 1));
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return promise;
}

function sum(results: Result[]): Result {
  const passed = results.reduce((total, result) => total + result.passed, 0);
  const failed = results.reduce((total, result) => total + result.failed, 0);
  return { passed, failed };
}

/** Real baskets where they lie beside the checkout, generated ones where not. */
async function realBaskets(): Promise<string[]> {
  const folder = path.resolve(root, '../shared/data');
  const files = { baskets: path.join(folder, 'baskets.csv'), catalogue: path.join(folder, 'catalogue.csv') };
  try {
    await Promise.all(Object.values(files).map((file) => access(file)));
    return ['--baskets', files.baskets, '--catalogue', files.catalogue];
  } catch {
    return [];
  }
}
