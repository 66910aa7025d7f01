import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Progress } from '@doorbuster/stack';
import { z } from 'zod';
import { cached } from '../../libs/stack/src/cache.ts';
import { runCommand } from '../../libs/stack/src/run-command.ts';
import { findOnPath } from '../../libs/stack/src/tools/on-path.ts';
import type { GroupContext } from './case.ts';
import type { GroupSummary } from './report.ts';
import { watched } from './watched.ts';

export const schemathesis = {
  id: 'schemathesis',
  title: 'what Schemathesis makes of our OpenAPI document, and whether the answers are what it says',
};

const folderName = 'schemathesis-4.32.5';
const packages = fileURLToPath(new URL('./schemathesis.txt', import.meta.url));
const document = fileURLToPath(new URL('../../docs/api/openapi.json', import.meta.url));
const program = ['-c', 'from schemathesis.cli import schemathesis; schemathesis()', 'run', document];
/** What is sold the document cannot say, so an order that is right by it may be refused: that is not checked. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];
/** Streams never end, and whoever shows the token presses buttons. */
const leftOut = ['--exclude-tag', 'Operators', '--exclude-path-regex', 'events$'];
const limitS = 45;

interface Options {
  progress: Progress;
  signal: AbortSignal;
}

const Report = z.object({
  test_cases: z.object({ generated: z.int() }),
  failures: z.array(z.object({ title: z.string(), count: z.int(), operations: z.array(z.string()) })),
  errors: z.array(z.unknown()),
});

/** Lets Schemathesis try what it makes of the document; gives a sentence where it cannot. */
export async function runSchemathesis(
  context: GroupContext,
  options: Options,
): Promise<GroupSummary | string> {
  const python = findOnPath('python3');
  if (python === undefined) return 'left out: there is no python3 on PATH';
  const folder = await fetchSchemathesis(python, options).catch(() => undefined);
  options.signal.throwIfAborted();
  if (folder === undefined) return 'left out: it could not be fetched from the Python registry';
  const { result, damage, ...seen } = await watched(context.info, true, () =>
    tryDocument(python, folder, context, options.signal),
  );
  const { test_cases, failures, errors } = result;
  const faults = [
    ...failures.map(({ title, count, operations }) => `${operations.join(', ')}: ${title}, ${count} times`),
    ...errors.map((error) => JSON.stringify(error).slice(0, 300)),
    ...damage,
  ];
  return { ...schemathesis, tried: test_cases.generated, statuses: {}, faults, ...seen };
}

/** Gives the folder of Schemathesis and all that it needs, from the cache or the Python registry. */
async function fetchSchemathesis(python: string, { progress, signal }: Options): Promise<string> {
  const item = progress.item('Schemathesis');
  const folder = await cached(folderName, item, signal, async (draft) => {
    item.update('fetching it from the Python registry (30 MB), about a minute');
    await mkdir(draft);
    const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:'];
    await runCommand(python, [...install, '--target', draft, '-r', packages], { signal });
  });
  item.done();
  return folder;
}

async function tryDocument(
  python: string,
  folder: string,
  { info, seed }: GroupContext,
  signal: AbortSignal,
): Promise<z.infer<typeof Report>> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'doorbuster-hostile-'));
  const file = path.join(scratch, 'report.json');
  const wanted = ['--url', info.gateway, '--checks', checks.join(','), '--seed', String(seed), ...leftOut];
  const kept = ['--max-time', String(limitS), '--report', 'json', '--report-json-path', file];
  try {
    const env = { ...process.env, PYTHONPATH: folder };
    // It ends with 1 where something is wrong, and the report says what.
    const ended = await runCommand(python, [...program, ...wanted, ...kept], {
      env,
      cwd: scratch,
      signal,
    }).catch((error: unknown) => error);
    const text = await readFile(file, 'utf8').catch(() => {
      throw ended;
    });
    return Report.parse(JSON.parse(text));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
