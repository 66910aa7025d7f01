import { setTimeout as delay } from 'node:timers/promises';
import { type ControlSnapshot, type Mark, Pulse, type UpstreamView } from '@doorbuster/contracts';
import type { WatchedAll } from '@doorbuster/discovery';
import type { Asker } from './ask.ts';
import type { Desk } from './desk.ts';
import { createKnown, type KnownInstance } from './known.ts';
import { type DeskLook, takeSnapshot } from './snapshot.ts';

export interface CollectorOptions {
  /** Follows the instances of a service; only while somebody looks. */
  watch(service: string): WatchedAll;
  /** Those that Consul knows. */
  services: readonly string[];
  /** This instance, which is not asked over HTTP. */
  self: { service: string; pulse(): Promise<Pulse> };
  /** The world outside, by name, as far as this shop was told where it is. */
  outside: Readonly<Record<string, string>>;
  desk: Desk | undefined;
  asker: Asker;
  /** Asks the instances of a service. */
  askerOf(service: string): Asker;
  door(): UpstreamView[];
  /** What a product is called. @throws when nobody says so */
  nameOf(sku: string): Promise<string>;
  /** Called with every snapshot; tells how many look at it. */
  viewers(): number;
  onSnapshot(snapshot: ControlSnapshot): void;
}

export interface Collector {
  /** Begins to look, once a second or two. */
  start(): void;
  /** Ends that; what was seen is kept. */
  stop(): void;
  /** The snapshots of the last minutes, as far as somebody looked, without what is news only. */
  history(): ControlSnapshot[];
  /** Marks the charts. */
  mark(mark: Mark): void;
}

/** How far two looks are apart, ms: more where the shop has so much to do that a look takes long. */
const everyMs = { least: 1_000, most: 2_000 };
/** So many times what the last look took. */
const everyFactor = 30;
/** What has not answered by then is in the next snapshot. */
const patienceMs = 700;
/** A broker that is silent keeps an instance from telling its lag for two seconds. */
const pulseMs = 3_000;
const historyMs = 300_000;
const marksMax = 50;
const namesMax = 1_000;
/** The desk may look at processes less often than it is asked, so their use is told over a few seconds. */
const deskLooksMax = 4;

/** Looks at the whole shop once a second or two, for all viewers together, and only while there is one. */
export function createCollector(options: CollectorOptions): Collector {
  const { services, self, outside, desk, asker, viewers } = options;
  const known = createKnown(Date.now(), Date.now);
  const names = new Map<string, string>();
  let marks: Mark[] = [];
  let past: ControlSnapshot[] = [];
  let looks: DeskLook[] = [];
  let knobs: unknown;
  let running: AbortController | undefined;
  const asking = new Set<string>();

  /** Asks something, unless it is being asked; never rejects. */
  async function once(what: string, ask: () => Promise<void>): Promise<void> {
    if (asking.has(what)) return;
    asking.add(what);
    await ask().catch(() => undefined);
    asking.delete(what);
  }

  const read = async (origin: string, by: Asker): Promise<Pulse | undefined> =>
    Pulse.safeParse((await by.ask(`${origin}/pulse`, { limitMs: pulseMs })).body).data;

  const askInstance = (one: KnownInstance, origin: string) =>
    once(one.id, async () => {
      one.origin = origin;
      const pulse = await read(origin, options.askerOf(one.service)).catch(() => undefined);
      if (pulse === undefined) one.answers = false;
      else known.take(one.service, pulse);
    });

  /** It is not registered, so only its own word tells what it is called. */
  const askOutside = (service: string, origin: string) =>
    once(service, async () => {
      const pulse = await read(origin, asker).catch(() => undefined);
      for (const one of known.of(service)) one.answers = one.id === pulse?.instance;
      if (pulse !== undefined) known.take(service, pulse);
    });

  const askSelf = () => once('self', async () => known.take(self.service, await self.pulse()));

  const askDesk = () =>
    once('desk', async () => {
      const view = await desk?.look();
      looks = view === undefined ? [] : [...looks, { at: Date.now(), view }].slice(-deskLooksMax);
    });

  const askKnobs = (acquirer: string) =>
    once('knobs', async () => {
      const answer = await asker.ask(`${acquirer}/knobs`, { limitMs: patienceMs }).catch(() => undefined);
      knobs = answer?.body;
    });

  function askAll(watched: ReadonlyMap<string, WatchedAll>): Promise<unknown> {
    const jobs = [askSelf()];
    if (desk !== undefined) jobs.push(askDesk());
    if (outside['acquirer'] !== undefined) jobs.push(askKnobs(outside['acquirer']));
    for (const [service, origin] of Object.entries(outside)) jobs.push(askOutside(service, origin));
    for (const [service, all] of watched) {
      const registered = new Map(all.instances().map(({ id, origin }) => [id, origin]));
      for (const id of registered.keys()) known.one(service, id);
      for (const one of known.of(service)) {
        // A door tells nobody how it does. Who took itself out of Consul still answers for a while.
        const origin = registered.get(one.id) ?? (one.answers ? one.origin : undefined);
        if (service === self.service) one.answers = registered.has(one.id);
        else if (origin === undefined) one.answers = false;
        else jobs.push(askInstance(one, origin));
      }
    }
    return Promise.all(jobs);
  }

  function nameOf(sku: string): string {
    const name = names.get(sku);
    if (name === undefined && names.size < namesMax)
      void once(`name of ${sku}`, async () => void names.set(sku, await options.nameOf(sku)));
    return name ?? sku;
  }

  function look(watched: ReadonlyMap<string, WatchedAll>): ControlSnapshot {
    return takeSnapshot({
      now: Date.now(),
      known,
      registered: new Map(
        [...watched].map(([service, all]) => [
          service,
          new Map(all.instances().map(({ id, isPassing }) => [id, isPassing])),
        ]),
      ),
      outside: Object.keys(outside),
      door: options.door(),
      desk: { before: looks[0], now: looks.at(-1) },
      knobs,
      nameOf,
      marks,
      viewers: viewers(),
    });
  }

  async function run(signal: AbortSignal): Promise<void> {
    const watched = new Map(services.map((service) => [service, options.watch(service)]));
    // Of those whom nobody knows yet nothing could be told.
    const found = Promise.all([...watched.values()].map(({ asked }) => asked));
    await Promise.race([found, delay(patienceMs)]);
    while (!signal.aborted) {
      const beganAt = performance.now();
      await Promise.race([askAll(watched), delay(patienceMs)]);
      if (signal.aborted) break;
      const tookMs = performance.now() - beganAt;
      const snapshot = look(watched);
      remember(snapshot);
      options.onSnapshot(snapshot);
      const nextInMs = Math.min(everyMs.most, Math.max(everyMs.least, everyFactor * tookMs));
      const restMs = Math.max(0, nextInMs - (performance.now() - beganAt));
      await delay(restMs, undefined, { signal }).catch(() => undefined);
    }
    for (const one of watched.values()) one.close();
  }

  function remember(snapshot: ControlSnapshot): void {
    const from = Date.now() - historyMs;
    past = [...past.filter(({ at }) => Date.parse(at) >= from), toHistory(snapshot)];
  }

  return {
    start() {
      if (running !== undefined) return;
      running = new AbortController();
      void run(running.signal);
    },
    stop() {
      running?.abort();
      running = undefined;
    },
    history: () => past.filter(({ at }) => Date.parse(at) >= Date.now() - historyMs),
    mark(mark) {
      marks = [...marks, mark].slice(-marksMax);
    },
  };
}

/** What charts need; the newest snapshot has the rest. */
const toHistory = (snapshot: ControlSnapshot): ControlSnapshot => ({
  ...snapshot,
  traffic: [],
  spike: null,
  verdict: null,
  marks: [],
});
