import path from 'node:path';
import type { Servers } from './servers.ts';
import type { ServiceName } from './service-specs.ts';

/** What a person, or a test, may want otherwise about the services. */
export interface ServiceSettings {
  /** A file of products instead of the built-in catalogue. */
  catalogue?: string | undefined;
  stockPerSku?: number | undefined;
  /** The product everybody wants, and how much of it there is. */
  hotSku?: string | undefined;
  hotSkuStock?: number | undefined;
  sagaStepTimeoutMs?: number | undefined;
  /** The share of orders that are traced, 0 to 1. */
  traceShare?: number | undefined;
  /** Payment writes the acquirer's books itself instead of calling it over HTTP. */
  inProcessAcquirer?: boolean | undefined;
  /** Notifications end with their rows; nobody is mailed. */
  withoutMail?: boolean | undefined;
  /** Services call each other by mutual TLS. */
  mtls?: boolean | undefined;
  /** More settings for single services; they win over all others. */
  env?: Partial<Record<ServiceName, NodeJS.ProcessEnv>> | undefined;
}

/** What a service can be told about the others. */
export interface Wiring extends Pick<Servers, 'kafka' | 'postgres' | 'consul' | 'otlp' | 'jaeger'> {
  acquirer: string;
  mailbox: string;
  /** Where a browser finds what services know under another address. */
  published?: { jaeger: string; mailbox: string; consul: string } | undefined;
  mailboxSmtp: string;
  smtpPort: number;
  booksFile: string;
  /** With which services know an operator's token. */
  operatorPublicKeys: string;
  /** Where the control room's buttons are pressed; not everywhere there is somebody who could. */
  desk?: string | undefined;
}

type Setting = string | number | undefined;

const STOCK_PER_SKU = 1_000_000;
const SAGA_STEP_TIMEOUT_MS = 10_000;
const CATALOGUE = 'services/order/catalogue.csv';

/** All settings of a service. Each is told what it needs and nothing more. */
export function environmentOf(
  service: ServiceName,
  wiring: Wiring,
  settings: ServiceSettings,
): NodeJS.ProcessEnv {
  const given = { ...settingsOf(service, wiring, settings), ...settings.env?.[service] };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}

function settingsOf(
  service: ServiceName,
  wiring: Wiring,
  settings: ServiceSettings,
): Record<string, Setting> {
  const traces = { OTLP_URL: wiring.otlp };
  const found = { CONSUL_URL: wiring.consul, MESH: settings.mtls ? 'consul' : 'off' };
  const shared = {
    ...traces,
    ...found,
    KAFKA_BROKERS: wiring.kafka.join(','),
    OPERATOR_PUBLIC_KEYS: wiring.operatorPublicKeys,
  };
  const { postgres } = wiring;
  switch (service) {
    case 'gateway':
      return {
        ...traces,
        TRACE_SHARE: settings.traceShare ?? 1,
        ...found,
        OPERATOR_PUBLIC_KEYS: wiring.operatorPublicKeys,
        ...shownOf(wiring, settings),
      };
    case 'order':
      return {
        ...shared,
        DATABASE_URL: postgres.order,
        CATALOGUE_FILE: catalogueOf(settings),
        SAGA_STEP_TIMEOUT_MS: settings.sagaStepTimeoutMs ?? SAGA_STEP_TIMEOUT_MS,
      };
    case 'inventory':
      return { ...shared, ...stockOf(settings), DATABASE_URL: postgres.inventory };
    case 'payment':
      return {
        ...shared,
        DATABASE_URL: postgres.payment,
        ACQUIRER_URL: settings.inProcessAcquirer ? postgres.acquirer : wiring.acquirer,
      };
    case 'notification':
      return {
        ...shared,
        DATABASE_URL: postgres.notification,
        SMTP_URL: settings.withoutMail ? undefined : wiring.mailboxSmtp,
      };
    case 'acquirer':
      return { ...traces, DATABASE_URL: postgres.acquirer };
    case 'mailbox':
      // It has no telemetry of its own: it is the world outside, and an order's trace ends at its door.
      return { SMTP_PORT: wiring.smtpPort, BOOKS_FILE: wiring.booksFile };
  }
}

/** Whom the control room asks besides the services. */
function shownOf(wiring: Wiring, { inProcessAcquirer }: ServiceSettings): Record<string, Setting> {
  const { desk, acquirer, mailbox, jaeger, published } = wiring;
  return {
    DESK_URL: desk,
    ACQUIRER_URL: inProcessAcquirer ? undefined : acquirer,
    MAILBOX_URL: mailbox,
    JAEGER_URL: jaeger,
    PUBLIC_MAILBOX_URL: published?.mailbox,
    PUBLIC_JAEGER_URL: published?.jaeger,
    PUBLIC_CONSUL_URL: published?.consul,
  };
}

function stockOf(settings: ServiceSettings): Record<string, Setting> {
  return {
    CATALOGUE_FILE: catalogueOf(settings),
    STOCK_PER_SKU: settings.stockPerSku ?? STOCK_PER_SKU,
    HOT_SKU: settings.hotSku,
    HOT_SKU_STOCK: settings.hotSkuStock,
  };
}

/** Services run in the repository's folder, the person perhaps elsewhere. */
function catalogueOf({ catalogue }: ServiceSettings): string {
  return catalogue === undefined ? CATALOGUE : path.resolve(catalogue);
}
