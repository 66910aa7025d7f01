import { hostname } from 'node:os';
import { PublicKeysText } from '@doorbuster/operator';
import { z } from 'zod';

/**
 * The name of an instance, which begins with that of its service and is unique over all: `payment-1`. The service's
 * name alone will do where every instance has a host of its own, as in containers: then the host's name is added.
 */
export const InstanceName = z
  .string()
  .regex(/^[a-z]+(-[a-z0-9]+)*$/)
  .transform((name) => (name.includes('-') ? name : onThisHost(name)));

/** Where hosts are called after what runs on them, as in Kubernetes, the host's name says it all. */
const onThisHost = (name: string): string =>
  hostname().startsWith(`${name}-`) ? hostname() : `${name}-${hostname()}`;

/** The service that an instance is one of. */
export const serviceOf = (instance: string): string => instance.replace(/-.*$/, '');

/** What every service of the shop is told. */
export const ServiceConfig = z.object({
  INSTANCE: InstanceName,
  /** Where it listens; with `0.0.0.0`, on all its addresses, others find it under the first. */
  HOST: z.string().default('127.0.0.1'),
  /** 0 lets the system choose; the log tells which. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /**
   * Where it says whether it lives and is ready, and nothing else, to those who have no certificate: Consul's checks,
   * Docker, a supervisor. If not said it is a port that the system chooses where there is a mesh, and PORT where there
   * is none.
   */
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** Where traces and metrics go, as OTLP over HTTP; nowhere if not said. */
  OTLP_URL: z.url().optional(),
  /**
   * The share of the requests without a `traceparent` that begin a trace here, 0 to 1. Traces begin at the door, so
   * only the gateway is given one.
   */
  TRACE_SHARE: z.coerce.number().min(0).max(1).default(0),
});

/** What a service needs that keeps its own database. */
export const DatabaseConfig = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Connections of one instance. Few are enough: one batch is under way at a time. */
  DATABASE_POOL: z.coerce.number().int().min(2).max(100).default(5),
});

/** What a service needs that talks through Kafka. */
export const MessagingConfig = z.object({
  KAFKA_BROKERS: z
    .string()
    .min(1)
    .transform((brokers) => brokers.split(',')),
});

/** What a service needs that finds others or is found, or whose settings are live. */
export const DiscoveryConfig = z.object({
  CONSUL_URL: z.url(),
  /** `consul`: services call each other by mutual TLS, with certificates and permissions of Consul's. */
  MESH: z.enum(['off', 'consul']).default('off'),
});

/**
 * What a service needs that lets an operator do things by hand: `NAME.KEY`, or two of them while one replaces the other.
 * With these it can tell whether a token is right, and make none. Without any it lets nobody.
 */
export const OperatorConfig = z.object({ OPERATOR_PUBLIC_KEYS: PublicKeysText.optional() });

/** What every service needs that takes part in the checkout. */
export const ParticipantConfig = z.object({
  ...ServiceConfig.shape,
  ...DatabaseConfig.shape,
  ...MessagingConfig.shape,
  ...DiscoveryConfig.shape,
  ...OperatorConfig.shape,
});

/** Wrong configuration is the operator's to mend, so restarting does not help: EX_CONFIG of sysexits.h. */
const exitConfig = 78;

/**
 * Reads the configuration from the environment, once, at the start. A wrong value ends the process with a clear
 * sentence for each and exit code 78. This is the only place that reads `process.env`.
 */
export function readConfig<T extends z.ZodType>(schema: T): z.infer<T> {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) {
    process.stderr.write(`Configuration: ${path.join('.')}: ${message}\n`);
  }
  process.exit(exitConfig);
}
