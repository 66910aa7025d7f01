import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { silentProgress } from '../../libs/stack/src/progress.ts';
import { SetupError } from '../../libs/stack/src/setup-error.ts';
import { ensureConsul } from '../../libs/stack/src/tools/consul.ts';
import { ensureJaeger } from '../../libs/stack/src/tools/jaeger.ts';
import { ensureJava } from '../../libs/stack/src/tools/java.ts';
import { ensurePrometheus, ensurePromtool } from '../../libs/stack/src/tools/prometheus.ts';
import { newFolder } from './temporary-folder.ts';

const context = { progress: silentProgress };
const pathBefore = process.env['PATH'];

beforeAll(async () => {
  const empty = await newFolder();
  process.env['PATH'] = empty;
  process.env['XDG_CACHE_HOME'] = empty;
});

afterAll(() => {
  process.env['PATH'] = pathBefore;
});

test('When there is no Go, then one sentence says what to install and what needs none of it', async () => {
  for (const ensure of [ensureConsul, ensureJaeger, ensurePrometheus, ensurePromtool]) {
    const error = await ensure(context).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SetupError);
    expect(String(error)).toMatch(
      /with Go 1\.2\d\.\d+ or newer, and this machine has none: install Go, or use `docker compose up`/,
    );
  }
});

test('When there is neither Java nor Python, then one sentence says so', async () => {
  const error = await ensureJava(context).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SetupError);
  expect(String(error)).toMatch(
    /Java 17 or newer \(or Python 3 with pip.*\): install it, or use `docker compose up`/,
  );
});
