import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readSource } from './source.ts';

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const Service = z.object({
  image: z.string(),
  command: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), Text).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  restart: z.string(),
  mem_limit: z.string(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  privileged: z.boolean().default(false),
  user: z.string().optional(),
  build: z.object({ context: z.string(), target: z.string() }).optional(),
  stop_grace_period: z.string().optional(),
});
export type ComposeService = z.infer<typeof Service>;

const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
});
export type Compose = z.infer<typeof Compose>;

const VARIABLE = /\$\{(\w+):-([^}]*)\}/g;

/** `docker-compose.yml` as it is where nothing is set in the environment. */
export function readCompose(): Compose {
  const { text } = readSource('docker-compose.yml');
  return Compose.parse(
    parse(
      text.replaceAll(VARIABLE, (_all, _name, value: string) => value),
      { merge: true },
    ),
  );
}

/** The variables that a person may set, with what holds when they do not; each as often as it is there. */
export const composeVariables = (): [name: string, value: string][] =>
  [...readSource('docker-compose.yml').text.matchAll(VARIABLE)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);

/** The variables of `.env.example`. */
export const exampleVariables = (): [name: string, value: string][] =>
  [...readSource('.env.example').text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);

/** One stage of the Dockerfile: its instructions, those of the stages it is built from included. */
export function dockerfileStage(name: string, text = readSource('Dockerfile').text): string[][] {
  const stages = text.split(/^(?=FROM )/m);
  const stage = stages.find((one) => one.match(/^FROM \S+ AS (\S+)/)?.[1] === name);
  if (stage === undefined) return [];
  const lines = stage
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]);
  const [, from = ''] = lines[0] ?? [];
  return [...dockerfileStage(from.split(' ')[0] ?? '', text), ...lines];
}

/** The last word that a stage has on something, such as its `USER`. */
export const lastOf = (stage: string[][], instruction: string): string | undefined =>
  stage.findLast(([name]) => name === instruction)?.[1];

/** The environment that a stage gives. */
export const environmentIn = (stage: string[][]): Record<string, string> =>
  Object.fromEntries(
    stage
      .filter(([name]) => name === 'ENV')
      .flatMap(([, values = '']) => values.split(' ').map((one) => one.split('=') as [string, string])),
  );

/** What of the two differs, a sentence each. */
export function differences(
  what: string,
  compose: Record<string, string>,
  local: Record<string, string>,
): string[] {
  const names = [...new Set([...Object.keys(compose), ...Object.keys(local)])].sort();
  return names
    .filter((name) => compose[name] !== local[name])
    .map((name) => {
      const [here = 'nothing', there = 'nothing'] = [compose[name], local[name]];
      return `${what}: ${name} is ${here} in docker-compose.yml and ${there} without Docker`;
    });
}

/** The version that an image's tag begins with. */
export const versionOf = (image: string): string =>
  path.posix.basename(image).split(':')[1]?.split('-')[0] ?? '';

/** The hosts that settings speak of, with their ports. */
export const hostsIn = (environment: Record<string, string>): string[] =>
  Object.values(environment).flatMap((value) => {
    const url = /^\w+:\/\/(?:[^@/]*@)?(?<host>[\w.-]+:\d+)/.exec(value)?.groups?.['host'];
    return url ?? (/^[\w.-]+:\d+$/.test(value) ? value : []);
  });
