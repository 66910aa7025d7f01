import { type ActionName, type ControlHello, participants } from '@doorbuster/contracts';
import { type Wire, watchAll } from '@doorbuster/discovery';
import type { Context, Logger } from '@doorbuster/service';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Proxy as Door } from '../proxy.ts';
import { act } from './actions.ts';
import { type Asker, createAsker } from './ask.ts';
import { createCollector } from './collector.ts';
import { actionsOf, openDesk } from './desk.ts';
import { createViewers, versionOf } from './events.ts';
import { createOrderViews } from './order-views.ts';

const Address = z.url({ protocol: /^https?$/ }).optional();

/** Whom the control room asks besides the services, each only where there is one. */
export const ControlConfig = z.object({
  /** The desk beside the shop, which can do what the services cannot, such as to kill one. */
  DESK_URL: Address,
  ACQUIRER_URL: Address,
  MAILBOX_URL: Address,
  JAEGER_URL: Address,
  /** Where a browser finds them, where that is another address. */
  PUBLIC_MAILBOX_URL: Address,
  PUBLIC_JAEGER_URL: Address,
  PUBLIC_CONSUL_URL: Address,
  /** Where the page lies that was built; beside the gateway if not said. */
  WEB_FOLDER: z.string().optional(),
});

export interface ControlOptions {
  config: z.infer<typeof ControlConfig> & { CONSUL_URL: string };
  webFolder: string;
  proxy: Pick<Door, 'ask' | 'view'>;
  /** How the services are called; whoever else is asked is no part of the shop. */
  wire: Wire;
  pulse: Context<never>['pulse'];
  log: Logger;
}

export interface Control {
  /** Serves the control room as a stream of events. */
  watch: RequestHandler;
  /** What else is known about an order. */
  showTrace: RequestHandler;
  listMails: RequestHandler;
  /** Presses a button, for an operator. */
  act: RequestHandler;
  /** Ends the streams, so that stopping need not wait for them. */
  drain(): void;
  close(): Promise<void>;
}

const Named = z.object({ name: z.string() });
const nameMs = 2_000;
const connectMs = 1_000;

/** The control room: what it shows, and what can be pressed. */
export function createControl({ config, webFolder, proxy, wire, pulse, log }: ControlOptions): Control {
  const asker = createAsker();
  const askers = new Map<string, Asker>(
    participants.map((service) => [service, createAsker(wire.connectTo(service, connectMs))]),
  );
  const { DESK_URL: deskUrl, ACQUIRER_URL: acquirer, MAILBOX_URL: mailbox } = config;
  const desk = deskUrl === undefined ? undefined : openDesk(asker, deskUrl);

  const actions = async (): Promise<Record<ActionName, string | null>> =>
    actionsOf({ hasDesk: desk !== undefined, view: await desk?.look(), hasAcquirer: acquirer !== undefined });

  const hello = async (): Promise<ControlHello> => ({
    version: await versionOf(webFolder),
    actions: await actions(),
    jaeger: config.PUBLIC_JAEGER_URL ?? config.JAEGER_URL ?? null,
    mailbox: config.PUBLIC_MAILBOX_URL ?? mailbox ?? null,
    consul: config.PUBLIC_CONSUL_URL ?? config.CONSUL_URL,
    history: collector.history(),
  });

  const viewers = createViewers({
    hello,
    onFirst: () => collector.start(),
    onLast: () => collector.stop(),
  });
  const collector = createCollector({
    watch: (service) => watchAll(config.CONSUL_URL, service, log, wire),
    services: ['gateway', ...participants],
    self: { service: 'gateway', pulse },
    outside: { ...(acquirer && { acquirer }), ...(mailbox && { mailbox }) },
    desk,
    asker,
    askerOf: (service) => askers.get(service) ?? asker,
    door: proxy.view,
    async nameOf(sku) {
      const path = `/products/${encodeURIComponent(sku)}`;
      return Named.parse(await proxy.ask('order', path, AbortSignal.timeout(nameMs))).name;
    },
    viewers: viewers.count,
    onSnapshot: viewers.tell,
  });

  const jaeger = config.JAEGER_URL;
  return {
    watch: viewers.watch,
    ...createOrderViews({
      asker,
      ask: proxy.ask,
      jaeger: jaeger === undefined ? undefined : { url: jaeger, page: config.PUBLIC_JAEGER_URL ?? jaeger },
      mailbox,
    }),
    act: act({ asker, desk, acquirer, onMark: collector.mark }),
    drain: viewers.close,
    async close() {
      collector.stop();
      await Promise.all([asker, ...askers.values()].map((one) => one.close()));
    },
  };
}
