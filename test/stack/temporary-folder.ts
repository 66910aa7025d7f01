import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watchdog } from '../../libs/stack/src/watchdog.ts';

/** A new folder, its name with a blank in it, that goes when the test's process does. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'doorbuster test-'));
  await watchdog.removeAtEnd(folder);
  return folder;
}
