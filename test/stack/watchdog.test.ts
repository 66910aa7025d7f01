import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { poll } from '../../libs/stack/src/poll.ts';
import { identify } from '../../libs/stack/src/process-identity.ts';
import { newFolder } from './temporary-folder.ts';

const LAUNCHER = fileURLToPath(new URL('./fixtures/launcher.ts', import.meta.url));

interface Launched {
  launcher: ChildProcess;
  folder: string;
  nextLine: () => Promise<Record<'watchdog' | 'one' | 'two', number>>;
}

async function launch(): Promise<Launched> {
  const folder = await newFolder();
  const launcher = spawn(process.execPath, [LAUNCHER, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]();
  return { launcher, folder, nextLine: async () => JSON.parse((await lines.next()).value ?? '') };
}

async function allGone(pids: readonly number[]): Promise<void> {
  const gone = () => (pids.some((pid) => identify(pid)) ? undefined : true);
  await poll(gone, { what: 'the end of all', limitMs: 20_000 });
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'When the launcher gets %s, then it leaves nothing',
  async (signal) => {
    const { launcher, folder, nextLine } = await launch();
    const { watchdog, one, two } = await nextLine();
    expect([watchdog, one, two].every((pid) => identify(pid))).toBe(true);
    launcher.kill(signal);
    await once(launcher, 'exit');
    await allGone([watchdog, one, two]);
    expect(existsSync(folder)).toBe(false);
  },
);

test('When the watchdog is killed first, then another one takes its place and knows all', async () => {
  const { launcher, folder, nextLine } = await launch();
  const first = await nextLine();
  process.kill(first.watchdog, 'SIGKILL');
  const second = await poll(
    async () => {
      launcher.stdin?.write('?\n');
      const now = await nextLine();
      return now.watchdog !== undefined && now.watchdog !== first.watchdog ? now : undefined;
    },
    { what: 'another watchdog', limitMs: 20_000 },
  );
  launcher.kill('SIGKILL');
  await allGone([second.watchdog, first.one, first.two]);
  expect(existsSync(folder)).toBe(false);
});
