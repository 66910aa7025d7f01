import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { tryDocker } from './docker.ts';

const read = (file: string) => readFile(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

/** The image that the Dockerfile begins with. */
export async function baseImage(): Promise<string> {
  return /^FROM (\S+)/m.exec(await read('Dockerfile'))?.[1] ?? '';
}

/**
 * Why the shop cannot be run in containers here, or undefined where it can: there has to be an engine, Compose, and all
 * images that are not built. A test fetches nothing, so that it says the same with a network and without one.
 */
export async function whyNoContainers(): Promise<string | undefined> {
  const engine = await tryDocker(['version', '--format', '{{.Server.Version}}']);
  if (engine.code !== 0) return 'no Docker engine answers here';
  const config = await tryDocker(['compose', '--env-file', '.env.example', 'config', '--images']);
  if (config.code === 127 || /not a docker command/.test(config.errors)) return 'Docker has no Compose here';
  // What is wrong with the file is for the test itself to find.
  if (config.code !== 0) return undefined;
  const pulled = config.out.split('\n').filter((image) => image !== '' && !image.startsWith('doorbuster'));
  const images = [...new Set([...pulled, await baseImage()])];
  const there = await Promise.all(images.map((image) => tryDocker(['image', 'inspect', image])));
  const missing = images.filter((_image, n) => there[n]?.code !== 0);
  return missing.length === 0 ? undefined : `${missing.join(', ')} would have to be pulled first`;
}
