import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Progress, type ScaledService, type Shop, type ShopOptions, startShop } from '@doorbuster/stack';
import { eventually } from '../../support/eventually.ts';
import type { BenchKind } from '../case.ts';
import { folderVariable } from '../crash-points/order.ts';
import { createLinks, type Links } from './links.ts';

/** The product that everybody wants, of which there are few; nothing else is ordered of it. */
export const hot = { sku: 'DB-1199', stock: 100 };

/** A shop that can be broken everywhere. */
export interface FaultBench {
  kind: BenchKind;
  shop: Shop;
  links: Links;
  /** Where its services are told by files what happens to them. */
  folder: string;
  /** The processes of a service, as they are called. */
  instancesOf(service: string): string[];
  /** Shifts the clocks of a service, in milliseconds. */
  skew(service: string, ms: number): Promise<void>;
  /** Sets knobs of the acquirer. */
  knobs(knobs: Record<string, number | boolean>): Promise<void>;
  /** SIGKILL, and nobody starts it again. */
  killForGood(name: string): Promise<void>;
  /** Mends all that a case may have broken; resolves when every process is ready again. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}

const skewed = ['order', 'inventory', 'payment', 'notification', 'gateway', 'acquirer'] as const;
const preloads = ['./skew.ts', '../crash-points/preload.ts'].map(
  (file) => `--import=${new URL(file, import.meta.url).href}`,
);
const calm = { latencyMs: 0, declinePercent: 0, errorPercent: 0, lostAnswerPercent: 0, refundsFail: true };
const healLimitMs = 90_000;

/** How each shop differs from the one with two instances of everything. */
const kinds: Record<BenchKind, Partial<ShopOptions>> = {
  pairs: { instances: 2 },
  tight: {
    sagaStepTimeoutMs: 1_500,
    env: Object.fromEntries(
      ['order', 'inventory', 'payment', 'notification'].map((name) => [name, { DATABASE_POOL: '2' }]),
    ),
  },
  brokers: { brokers: 3 },
  'small disk': {},
  failpoints: {},
};

export interface BenchOptions {
  kind: BenchKind;
  progress: Progress;
  signal?: AbortSignal | undefined;
  repoFolder?: string | undefined;
}

/** Starts a shop whose links lead through proxies and whose clocks can be shifted. */
export async function openBench({ kind, progress, signal, repoFolder }: BenchOptions): Promise<FaultBench> {
  const links = await createLinks();
  const folder = await mkdtemp(path.join(tmpdir(), 'doorbuster-faults-'));
  const skewFile = (service: string) => path.join(folder, `${service}.skew`);
  const own = kinds[kind];
  const env = Object.fromEntries(
    skewed.map((service) => [
      service,
      {
        NODE_OPTIONS: preloads.join(' '),
        [folderVariable]: folder,
        DOORBUSTER_SKEW_FILE: skewFile(service),
        ...own.env?.[service],
      },
    ]),
  );
  const { frontKafka, rewire } = links;
  const more = { hotSku: hot.sku, hotSkuStock: hot.stock, traceShare: 0, repoFolder };
  const shop = await startShop({ progress, signal, ...more, ...own, env, frontKafka, rewire });
  const { supervisor } = shop;
  const states = () => supervisor.list();

  async function knobs(wanted: Record<string, number | boolean>): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const url = `${shop.info.acquirer}/knobs`;
    const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(wanted) });
    if (!response.ok) throw new Error(`The acquirer does not take its knobs: ${response.status}`);
  }

  return {
    kind,
    shop,
    links,
    folder,
    instancesOf: (service) =>
      states()
        .map(({ name }) => name)
        .filter((name) => name.replace(/-\d+$/, '') === service),
    skew: (service, ms) => writeFile(skewFile(service), String(ms)),
    knobs,
    async killForGood(name) {
      await supervisor.kill(name);
      await supervisor.stop(name);
    },
    async heal() {
      links.heal();
      await Promise.all(skewed.map((service) => rm(skewFile(service), { force: true })));
      for (const { name, state } of states()) {
        if (state === 'paused') supervisor.resume(name);
        if (state === 'stopped' || state === 'crashed') await supervisor.start(name);
      }
      const isReady = () => states().every(({ state }) => state === 'ready');
      await eventually('every process is ready again', isReady, healLimitMs);
      await knobs(calm);
    },
    async stop() {
      await shop.stop();
      await links.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The services that can be broken alike. */
export const scaled: readonly ScaledService[] = ['order', 'inventory', 'payment', 'notification'];
