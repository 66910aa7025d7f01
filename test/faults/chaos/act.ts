import { mulberry32, wholeBetween } from '../../load/random.ts';
import type { FaultBench } from '../harness/bench.ts';
import { publish, readRecords, shuffled } from '../harness/records.ts';
import type { Fault } from '../harness/schedule.ts';
import { Api } from '../proxies/frames.ts';
import type { TcpProxy } from '../proxies/tcp-proxy.ts';
import type { Step } from './draw.ts';

const repeated = 300;

/** What a step does to the shop. What cannot be done now, because of another step, is left undone. */
export function toFault(bench: FaultBench, step: Step, seed: number): Fault {
  const { kind, target, n, atMs, forMs } = step;
  const acts = actsOf(bench, step, seed);
  const quietly = (act?: () => unknown) => async () => {
    await Promise.resolve(act?.()).catch(() => undefined);
  };
  return {
    what: `step ${n}, ${kind} ${target}`,
    atMs,
    forMs,
    do: quietly(acts.do),
    undo: quietly(acts.undo),
  };
}

function actsOf(bench: FaultBench, { kind, target, n }: Step, seed: number): Pick<Fault, 'do' | 'undo'> {
  const { shop, knobs } = bench;
  const { supervisor } = shop;
  const random = mulberry32(seed * 1_000 + n);
  switch (kind) {
    case 'kill':
      return { do: async () => supervisor.kill(target) };
    case 'restart':
      return { do: async () => supervisor.restart(target) };
    case 'pause':
      return { do: () => supervisor.pause(target), undo: () => supervisor.resume(target) };
    case 'cut':
    case 'half-open':
    case 'black hole':
      return onLink(bench, target, (link) => link.break({ kind }));
    case 'delay':
      return onLink(bench, target, (link) => link.break({ delayMs: wholeBetween(random, 10, 300) }));
    case 'throttle':
      return onLink(bench, target, (link) => link.break({ bytesPerS: 50_000 }));
    case 'commit unknown': {
      let left = 5;
      return onLink(bench, `postgres.${target}`, (link) =>
        link.tap((chunk) => left > 0 && chunk.includes('commit\0') && left-- > 0),
      );
    }
    case 'response lost':
      return {
        do: () => {
          const fault = { apiKey: Api.produce, client: target, lose: 'response', how: 'cut' } as const;
          void bench.links.frames[0]?.loseNext(fault);
        },
      };
    case 'immediate shutdown':
      return {
        do: () => {
          const pid = supervisor.list().find(({ name }) => name === target)?.pid;
          if (pid != null) process.kill(pid, 'SIGQUIT');
        },
      };
    case 'skew': {
      const hour = 3_600_000;
      const ms = wholeBetween(random, -hour, hour);
      return { do: () => bench.skew(target, ms), undo: () => bench.skew(target, 0) };
    }
    case 'duplicates':
      return {
        do: async () => {
          const records = shuffled(await readRecords(bench), random).slice(0, repeated);
          await publish(bench, [...records, ...records]);
        },
      };
    case 'errors':
      return { do: () => knobs({ errorPercent: 30 }), undo: () => knobs({ errorPercent: 0 }) };
    case 'lost answers':
      return { do: () => knobs({ lostAnswerPercent: 30 }), undo: () => knobs({ lostAnswerPercent: 0 }) };
  }
}

function onLink(
  { links }: FaultBench,
  target: string,
  act: (link: TcpProxy) => void,
): Pick<Fault, 'do' | 'undo'> {
  const all: Record<string, TcpProxy | undefined> = {
    kafka: links.kafka[0],
    acquirer: links.acquirer,
    mail: links.mail,
    consul: links.consul,
    otlp: links.otlp,
    ...Object.fromEntries(Object.entries(links.postgres).map(([name, link]) => [`postgres.${name}`, link])),
  };
  const link = all[target];
  if (link === undefined) throw new Error(`There is no link to ${target}`);
  return { do: () => act(link), undo: () => link.heal() };
}
