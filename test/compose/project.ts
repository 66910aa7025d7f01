import { freePorts } from '@doorbuster/stack';
import { z } from 'zod';
import { type DockerOptions, docker, type Ran, tryDocker } from './docker.ts';

/** One container of the project, as it is now. */
export interface Container {
  id: string;
  service: string;
  /** `payment-2`; whatever ran once is called after its service. */
  name: string;
  health: string;
  restarts: number;
  /** In MiB; 0 is none. */
  limitMiB: number;
}

export interface Project {
  name: string;
  addresses: Record<'gateway' | 'mailbox' | 'consul' | 'jaeger', string>;
  /** Runs `docker compose` on it. @throws when that fails */
  compose(words: readonly string[]): Promise<string>;
  tryCompose(words: readonly string[], options?: DockerOptions): Promise<Ran>;
  containers(): Promise<Container[]>;
  /** The memory of each container that runs, in MiB. */
  memoryMiB(): Promise<Map<string, number>>;
  /** The size of the services' image, in MB. */
  imageMb(): Promise<number>;
  /** Ends and removes everything; gives the names of what is left all the same. */
  close(): Promise<string[]>;
}

const Inspected = z.array(
  z.object({
    Id: z.string(),
    RestartCount: z.int(),
    State: z.object({ Health: z.object({ Status: z.string() }).optional() }),
    Config: z.object({ Labels: z.record(z.string(), z.string()) }),
    HostConfig: z.object({ Memory: z.int() }),
  }),
);
const Stats = z.object({ ID: z.string(), MemUsage: z.string() });

/**
 * A shop of its own beside any other: with a name of its own, on free ports, from images of its own. What it is told
 * is what stands in `.env.example`, whatever this machine's `.env` says.
 */
export async function openProject(signal: AbortSignal): Promise<Project> {
  const name = `doorbuster-test-${process.pid}`;
  const [gateway = 0, mailbox = 0, consul = 0, jaeger = 0] = await freePorts(4);
  const env = {
    DOORBUSTER_IMAGE: name,
    GATEWAY_PORT: String(gateway),
    MAILBOX_PORT: String(mailbox),
    CONSUL_PORT: String(consul),
    JAEGER_PORT: String(jaeger),
  };
  const file = ['compose', '-p', name, '--env-file', '.env.example', '--progress', 'plain'];
  const ofProject = ['--filter', `label=com.docker.compose.project=${name}`];
  const idsOf = async (words: string[], options: DockerOptions = { signal }) =>
    (await docker([...words, '-q', ...ofProject], options)).split('\n').filter(Boolean);

  async function containers(): Promise<Container[]> {
    const ids = await idsOf(['ps', '-a']);
    if (ids.length === 0) return [];
    return Inspected.parse(JSON.parse(await docker(['inspect', ...ids], { signal }))).map(toContainer);
  }

  return {
    name,
    addresses: {
      gateway: `http://127.0.0.1:${gateway}`,
      mailbox: `http://127.0.0.1:${mailbox}`,
      consul: `http://127.0.0.1:${consul}`,
      jaeger: `http://127.0.0.1:${jaeger}`,
    },
    compose: (words) => docker([...file, ...words], { env, signal }),
    tryCompose: (words, options) =>
      tryDocker([...file, ...words], { ...options, env: { ...env, ...options?.env }, signal }),
    containers,
    async memoryMiB() {
      const names = new Map((await containers()).map(({ id, name }) => [id.slice(0, 12), name]));
      const stats = await docker(
        ['stats', '--no-stream', '--format', '{{json .}}', ...(await idsOf(['ps']))],
        {
          signal,
        },
      );
      const rows = stats.split('\n').filter(Boolean);
      const read = rows.map((row) => Stats.parse(JSON.parse(row)));
      return new Map(read.map(({ ID, MemUsage }) => [names.get(ID.slice(0, 12)) ?? ID, toMiB(MemUsage)]));
    },
    async imageMb() {
      return Math.round(
        Number(await docker(['image', 'inspect', '-f', '{{.Size}}', name], { signal })) / 1e6,
      );
    },
    async close() {
      // Not by the signal: this is what is done when it has come.
      const mounted = await volumesOf(await idsOf(['ps', '-a'], {}));
      const down = [...file, '--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '20'];
      await tryDocker(down, { env });
      await tryDocker(['image', 'rm', '--force', name, `${name}-black-friday`]);
      const kinds = [
        ['ps', '-a'],
        ['volume', 'ls'],
        ['network', 'ls'],
      ];
      const left = await Promise.all(
        kinds.map(async (words) =>
          (await docker([...words, '-q', ...ofProject])).split('\n').filter(Boolean),
        ),
      );
      const images = await docker(['image', 'ls', '-q', '--filter', `reference=${name}*`]);
      const volumes = await docker(['volume', 'ls', '-q']);
      const anonymous = volumes.split('\n').filter((volume) => mounted.includes(volume));
      return [...new Set([...left.flat(), ...anonymous, ...images.split('\n').filter(Boolean)])];
    },
  };
}

function toContainer({
  Id,
  RestartCount,
  State,
  Config,
  HostConfig,
}: z.infer<typeof Inspected>[number]): Container {
  const label = (name: string) => Config.Labels[`com.docker.compose.${name}`] ?? '';
  const isOneOff = label('oneoff') === 'True' || label('service') === 'black-friday';
  return {
    id: Id,
    service: label('service'),
    name: isOneOff ? label('service') : `${label('service')}-${label('container-number')}`,
    health: State.Health?.Status ?? 'unknown',
    restarts: RestartCount,
    limitMiB: Math.round(HostConfig.Memory / 2 ** 20),
  };
}

/** The volumes that containers use, those without a name included, which bear no project's label. */
async function volumesOf(ids: string[]): Promise<string[]> {
  const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}';
  const names = ids.length === 0 ? '' : await docker(['inspect', '-f', format, ...ids]);
  return names.split('\n').filter(Boolean);
}

const units: Record<string, number> = { B: 2 ** -20, KiB: 2 ** -10, MiB: 1, GiB: 2 ** 10 };

/** Reads `123.4MiB / 384MiB`. */
function toMiB(usage: string): number {
  const [, number = '0', unit = 'B'] = /^([\d.]+)([KMG]?i?B)/.exec(usage) ?? [];
  return Math.round(Number(number) * (units[unit] ?? 0));
}
