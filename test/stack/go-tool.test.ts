import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { silentProgress } from '../../libs/stack/src/progress.ts';
import { CONSUL_VERSION, ensureConsul } from '../../libs/stack/src/tools/consul.ts';
import {
  ensurePrometheus,
  ensurePromtool,
  PROMETHEUS_VERSION,
} from '../../libs/stack/src/tools/prometheus.ts';
import { newFolder } from './temporary-folder.ts';

const context = { progress: silentProgress };
const pathBefore = process.env['PATH'];
let folder: string;

beforeAll(async () => {
  folder = await newFolder();
  process.env['PATH'] = folder;
  process.env['XDG_CACHE_HOME'] = folder;
});

afterAll(() => {
  process.env['PATH'] = pathBefore;
});

/** Puts a program on PATH that says this when it is called with that word, and nothing otherwise. */
async function onPath(name: string, word: string, says: string): Promise<string> {
  const program = path.join(folder, name);
  await writeFile(program, `#!/bin/sh\n[ "$1" = ${word} ] && echo '${says}'\n`, { mode: 0o755 });
  return program;
}

test.each([
  ['consul', 'version', `Consul v${CONSUL_VERSION}`, ensureConsul],
  ['prometheus', '--version', `prometheus, version ${PROMETHEUS_VERSION} (branch: HEAD)`, ensurePrometheus],
  ['promtool', '--version', `promtool, version ${PROMETHEUS_VERSION} (branch: HEAD)`, ensurePromtool],
])(
  'When %s is on PATH in the very version, then it is taken; in another it is not',
  async (name, word, says, ensure) => {
    const program = await onPath(name, word, says);
    expect(await ensure(context)).toBe(program);
    await onPath(name, word, says.replace(/\d+\./, '1.0.'));
    await expect(ensure(context)).rejects.toThrow('has to be built once with Go');
  },
);
