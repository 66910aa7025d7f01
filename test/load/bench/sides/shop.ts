import { type ServiceSettings, type Shop, silentProgress, startShop } from '@doorbuster/stack';
import { audit } from '../../../audit/audit.ts';
import { readingPool } from '../../../audit/database.ts';
import { toTable } from '../../../audit/report.ts';
import { clientsFileOf, sourcesOf } from '../../../audit/sources.ts';
import { drain, watchBacklog } from '../../drain.ts';
import { batchSizes } from '../measure/batches.ts';
import { databaseWork } from '../measure/database-work.ts';
import { probeEnvironment } from '../measure/probe-client.ts';
import { leaveOldOrders } from './old-orders.ts';
import { common, portOf, type Side, type SideOptions } from './side.ts';

/** What may differ from the shop that is compared with the monolith. */
export interface ShopVariant {
  acquirer: 'in-process' | 'http';
  mail: 'row' | 'smtp';
  door: 'gateway' | 'order';
  /** Off, there are neither metrics nor traces, and nothing of OpenTelemetry is in the way. */
  telemetry: boolean;
  /** Whether the desk is there, and with it all that the control room shows. */
  desk: boolean;
  /** The share of orders that are traced, 0 to 1. */
  traceShare: number;
  /** Services call each other by mutual TLS. */
  mtls: boolean;
}

export const comparedShop: ShopVariant = {
  acquirer: 'in-process',
  mail: 'row',
  door: 'gateway',
  telemetry: true,
  desk: false,
  traceShare: common.traceShare,
  mtls: false,
};

/** Every order that has not ended has a deadline, so there is no need to go through all orders. */
const unfinishedSql = `
  select count(*) from deadlines join orders on orders.id = deadlines.key::uuid where orders.state = 'confirmed'`;

const cancelledSql = `
  select reason, count(*) from orders
  where placed_at >= to_timestamp($1 / 1000.0) and reason is not null group by reason`;

const settleLimitMs = 90_000;
const names = ['gateway', 'order', 'inventory', 'payment', 'notification', 'acquirer', 'mailbox'] as const;
/** Those whose inbox tells of batches. */
const pipelines = ['order', 'inventory', 'payment', 'notification'] as const;

/** Starts a whole shop: servers, services and the gateway, each with a probe in it. */
export async function startShopSide(options: SideOptions, variant = comparedShop): Promise<Side> {
  const { catalogueFile: catalogue, probeFolder, instances, oldOrders, signal } = options;
  const withoutTelemetry = variant.telemetry ? {} : { OTEL_SDK_DISABLED: 'true' };
  const env: ServiceSettings['env'] = Object.fromEntries(
    names.map((name) => [name, { ...probeEnvironment(probeFolder), ...withoutTelemetry }]),
  );
  const shop = await startShop({
    progress: silentProgress,
    signal,
    catalogue,
    instances,
    stockPerSku: common.stockPerSku,
    desk: variant.desk,
    traceShare: variant.traceShare,
    mtls: variant.mtls,
    inProcessAcquirer: variant.acquirer === 'in-process',
    withoutMail: variant.mail === 'row',
    env: { ...env, gateway: { ...env.gateway, ADMISSION_IN_FLIGHT_MAX: String(common.inFlightMax) } },
  });
  try {
    if (oldOrders > 0) await leaveOldOrders(shop.info.postgres, oldOrders);
    return await watchShop(shop, options, variant);
  } catch (error) {
    await shop.stop();
    throw error;
  }
}

async function watchShop(
  shop: Shop,
  { probeFolder, signal }: SideOptions,
  variant: ShopVariant,
): Promise<Side> {
  const { info, supervisor } = shop;
  const { postgres, kafka } = info;
  const orders = readingPool(postgres.order);
  const notifications = readingPool(postgres.notification);
  const backlog = await watchBacklog(info);
  return {
    name: 'shop',
    target: variant.door === 'gateway' ? info.gateway : addressOf(shop, 'order-1'),
    confirmedBy: { kind: 'events', brokers: kafka },
    historyFile: clientsFileOf(info.runDir),
    supervisor,
    probeFolder,
    kafkaPort: Number(kafka[0]?.split(':')[1]),
    postgresPort: portOf(postgres.order),
    async progress() {
      const [told, unfinished] = await Promise.all([
        notifications.query<{ count: number }>(`select count(*) from notifications where state <> 'due'`),
        orders.query<{ count: number }>(unfinishedSql),
      ]);
      return { notified: told.rows[0]?.count ?? 0, unfinished: unfinished.rows[0]?.count ?? 0 };
    },
    databaseWork: () => databaseWork(orders),
    async cancelled(sinceMs) {
      const { rows } = await orders.query<{ reason: string; count: number }>(cancelledSql, [sinceMs]);
      return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
    },
    async batches(fromMs, toMs) {
      const sizes = pipelines.map(async (name) => {
        const database = readingPool(postgres[name]);
        return [name, await batchSizes(database, fromMs, toMs).finally(() => database.end())] as const;
      });
      return Object.fromEntries(await Promise.all(sizes));
    },
    settle: async () => void (await drain(backlog, settleLimitMs, signal)),
    async judge() {
      const sources = sourcesOf(info);
      const report = await audit(variant.mail === 'row' ? { ...sources, mailbox: null } : sources);
      return { holds: report.verdict === 'PASS', evidence: toTable(report) };
    },
    async stop() {
      await Promise.all([backlog.close(), orders.end(), notifications.end()]);
      await shop.stop();
    },
  };
}

function addressOf({ info }: Shop, instance: string): string {
  const found = info.processes.find(({ name }) => name === instance);
  if (found?.port == null) throw new Error(`${instance} has no port`);
  return `http://127.0.0.1:${found.port}`;
}
