import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { infoFile } from './servers.ts';

/** Runs a command of the README against the shop of these tests. */
export async function run(script: string, ...args: string[]) {
  const child = spawn('npm', ['run', '--silent', script, '--', ...args, '--info', infoFile()]);
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, 'exit');
  return { code: child.exitCode, output, complaint };
}
