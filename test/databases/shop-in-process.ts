import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { flows, type Participant } from '@doorbuster/contracts';
import {
  type Decision,
  type EffectHandler,
  type Input,
  type PipelineOptions,
  startPipeline,
} from '@doorbuster/pipeline';
import { Router } from 'express';
import { adminRoutes } from '../../libs/service/src/admin.ts';
import { api as acquirerApi } from '../../services/acquirer/src/api.ts';
import { api as inventoryApi } from '../../services/inventory/src/api.ts';
import { observeStock } from '../../services/inventory/src/metrics.ts';
import { seedStock } from '../../services/inventory/src/seed.ts';
import { decide as decideStock } from '../../services/inventory/src/stock.ts';
import { store as stockStore } from '../../services/inventory/src/store.ts';
import { decide as decideNotification } from '../../services/notification/src/notification.ts';
import { store as notificationStore } from '../../services/notification/src/store.ts';
import { api as orderApi } from '../../services/order/src/api.ts';
import { loadCatalogue } from '../../services/order/src/catalogue.ts';
import { defaultLimits } from '../../services/order/src/followers.ts';
import { createLive } from '../../services/order/src/live.ts';
import { measureOrders, observeOrders } from '../../services/order/src/metrics.ts';
import { createDecide, type Order, type PlaceOrder } from '../../services/order/src/order.ts';
import { store as orderStore } from '../../services/order/src/store.ts';
import { acquirerEffects } from '../../services/payment/src/acquirer.ts';
import { api as paymentApi } from '../../services/payment/src/api.ts';
import { decide as decidePayment } from '../../services/payment/src/payment.ts';
import { store as paymentStore } from '../../services/payment/src/store.ts';
import { type FreshDatabase, log, type Service } from './database.ts';
import { type Served, serve } from './serve.ts';

const catalogueFile = fileURLToPath(new URL('../../services/order/catalogue.csv', import.meta.url));
const stepTimeoutMs = 30_000;

export type Databases = Record<Service, FreshDatabase>;
export type Shop = Record<Service, Served>;

/**
 * The shop in one process: the parts that each `main.ts` puts together, with real databases and Kafka, but without
 * discovery and the gateway. Every call to the outside world has one attempt, so that one that fails is parked.
 */
export async function startShopInProcess(databases: Databases, brokers: string[]) {
  const run = randomUUID();
  const ends: (() => Promise<void>)[] = [];

  const common = (service: Participant) => ({
    service: `${service}-${run}`,
    database: databases[service].pool,
    databaseUrl: databases[service].url,
    kafka: { brokers, clientId: `${service}-1`, log },
    log,
    consumes: flows[service].receives,
    onFatal: (error: Error) => log.error({ error: String(error) }, 'fatal'),
  });

  async function start<State extends { version: number }, Request, Answer>(
    service: Participant,
    parts: Pick<
      PipelineOptions<State, Request, Answer>,
      'store' | 'decide' | 'effects' | 'timeline' | 'onChanged'
    >,
  ) {
    const pipeline = await startPipeline<State, Request, Answer>({ ...common(service), ...parts });
    ends.unshift(pipeline.close);
    const routes = Router().use(`/admin/${service}`, adminRoutes(pipeline));
    return { pipeline, routes };
  }

  async function open(routes: Router) {
    const served = await serve(routes);
    ends.unshift(served.close);
    return served;
  }

  const acquirer = await open(acquirerApi(databases.acquirer.pool));

  const startOrder = async () => {
    const { pool: database, url: databaseUrl } = databases.order;
    const catalogue = await loadCatalogue(database, catalogueFile, log);
    const { pipeline, routes } = await start('order', {
      store: orderStore,
      decide: decideOwn,
      timeline: ({ state }) => state,
      onChanged: measureOrders,
    });
    observeOrders(database);
    const live = createLive({ database, databaseUrl, log, limits: defaultLimits });
    ends.unshift(live.close);
    return open(routes.use(orderApi({ pipeline, database, catalogue, live, kafka: common('order').kafka })));
  };

  const startInventory = async () => {
    const { pool } = databases.inventory;
    await seedStock(pool, { catalogueFile, perSku: 100, hotSku: undefined, hotSkuStock: 0 });
    const { routes } = await start('inventory', { store: stockStore, decide: decideStock });
    observeStock(pool);
    return open(routes.use(inventoryApi(pool)));
  };

  const startPayment = async () => {
    const effects = once(acquirerEffects({ url: acquirer.origin, timeoutMs: () => 5_000 }));
    const parts = { store: paymentStore, decide: decidePayment, effects };
    const { pipeline, routes } = await start('payment', parts);
    return open(routes.use(paymentApi({ parked: pipeline.parked, database: databases.payment.pool })));
  };

  const startNotification = async () => {
    const send = { attemptsMax: 1, call: async () => ({ kind: 'sent' }) as const };
    const parts = { store: notificationStore, decide: decideNotification, effects: { 'mail.send': send } };
    return open((await start('notification', parts)).routes);
  };

  const [order, inventory, payment, notification] = await Promise.all([
    startOrder(),
    startInventory(),
    startPayment(),
    startNotification(),
  ]);
  const shop: Shop = { order, inventory, payment, notification, acquirer };
  return {
    shop,
    async close() {
      for (const end of ends) await end();
    },
  };
}

const decide = createDecide(stepTimeoutMs);

/** Kafka may be full of what other tests told of their orders: that is ignored, where order itself would park it. */
function decideOwn(order: Order, input: Input<PlaceOrder>): Decision<Order> {
  const isOwn = order.version > 0 || input.kind === 'request';
  return isOwn ? decide(order, input) : { state: order, ignored: 'an order of another test' };
}

/** The same calls, each made once. */
const once = <Answer>(handlers: Record<string, EffectHandler<Answer>>) =>
  Object.fromEntries(
    Object.entries(handlers).map(([type, handler]) => [type, { ...handler, attemptsMax: 1 }]),
  );
