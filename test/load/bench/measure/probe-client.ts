import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

/** What a process has done so far, as its probe tells it. */
export interface Looked {
  /** How often it has written to a socket, by the port at the other end. */
  writesByPort: Record<number, number>;
  eventLoopActiveMs: number;
}

const probe = pathToFileURL(path.join(import.meta.dirname, 'probe.ts')).href;

/** What a process has to be told at its start to have a probe. */
export const probeEnvironment = (folder: string): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import=${probe}`,
  PROBE_FOLDER: folder,
});

/** Looks into every process that has its probe in this folder; by instance. */
export async function lookInto(folder: string): Promise<Map<string, Looked>> {
  const answers = await askAll(folder, () => 'look');
  return new Map([...answers].map(([instance, answer]) => [instance, Object(answer)]));
}

/** Begins to profile every process. */
export const startProfiles = (folder: string): Promise<unknown> => askAll(folder, () => 'start');

/** Ends the profiles and writes each to a file of its instance's name. */
export const stopProfiles = (folder: string, into: string): Promise<unknown> =>
  askAll(folder, (instance) => `stop ${path.join(path.resolve(into), `${instance}.cpuprofile`)}`);

async function askAll(
  folder: string,
  commandFor: (instance: string) => string,
): Promise<Map<string, unknown>> {
  const sockets = (await readdir(folder)).filter((name) => name.endsWith('.sock'));
  const answers = sockets.map(async (name): Promise<[string, unknown]> => {
    const instance = name.replace(/\.sock$/, '');
    return [instance, await ask(path.join(folder, name), commandFor(instance))];
  });
  return new Map(await Promise.all(answers));
}

async function ask(socketFile: string, command: string): Promise<unknown> {
  const socket = connect(socketFile);
  await once(socket, 'connect');
  socket.write(`${command}\n`);
  const answer: unknown = JSON.parse(await text(socket));
  if (answer !== null && typeof answer === 'object' && 'error' in answer)
    throw new Error(`The probe says: ${answer.error}`);
  return answer;
}
