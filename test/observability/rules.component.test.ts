import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { silentProgress } from '@doorbuster/stack';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensurePromtool } from '../../libs/stack/src/tools/prometheus.ts';
import { filesUnder, root } from '../house/source.ts';

const run = promisify(execFile);
let promtool: string;
let scratch: string;
beforeAll(async () => {
  // The first time it is built from source, which takes minutes.
  promtool = await ensurePromtool({ progress: silentProgress });
  scratch = await mkdtemp(path.join(tmpdir(), 'doorbuster-rules-'));
}, 1_800_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** What promtool says, with a word for how it ended. */
async function ask(...args: string[]): Promise<{ ended: 'well' | 'badly'; said: string }> {
  try {
    const { stdout } = await run(promtool, args, { cwd: root });
    return { ended: 'well', said: stdout };
  } catch (error) {
    return {
      ended: 'badly',
      said: String(error instanceof Error && 'stdout' in error ? error.stdout : error),
    };
  }
}

const rules = filesUnder('observability/prometheus/rules');
const cases = filesUnder('observability/prometheus/tests');

test('When promtool reads the rules, then it finds nothing wrong', async () => {
  expect(rules.length).toBeGreaterThan(0);
  expect(await ask('check', 'rules', '--lint=all', '--lint-fatal', ...rules)).toMatchObject({
    ended: 'well',
  });
});

test.each(cases)(
  'When the cases of %s are played, then each alert fires when it should, and only then',
  async (file) => {
    expect(await ask('test', 'rules', file)).toMatchObject({ ended: 'well' });
  },
  300_000,
);

test('When a rule is deaf to what its case plays, then promtool says so', async () => {
  const causes = await readFile(path.join(root, 'observability/prometheus/rules/causes.yml'), 'utf8');
  const played = await readFile(path.join(root, 'observability/prometheus/tests/causes.yml'), 'utf8');
  const deaf = causes.replace('doorbuster_dead_letters) > 0', 'doorbuster_dead_letters) > 1000');
  expect(deaf).not.toBe(causes);
  await writeFile(path.join(scratch, 'causes.yml'), deaf);
  await writeFile(path.join(scratch, 'cases.yml'), played.replace('../rules/causes.yml', 'causes.yml'));
  const { ended, said } = await ask('test', 'rules', path.join(scratch, 'cases.yml'));
  expect([ended, said]).toEqual(['badly', expect.stringContaining('DeadLetters')]);
});
