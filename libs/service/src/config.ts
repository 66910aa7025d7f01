import { z } from 'zod';

/** What every service of the shop is told. */
export const ServiceConfig = z.object({
  /** Unique over all instances, for example `payment-1`. */
  INSTANCE: z.string().regex(/^[a-z]+-\d+$/),
  HOST: z.string().default('127.0.0.1'),
  /** 0 lets the system choose; the log tells which. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
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

/** What a service needs that finds others or is found. */
export const DiscoveryConfig = z.object({ CONSUL_URL: z.url() });

/** What a service needs that lets an operator do things by hand. Without the token it lets nobody. */
export const OperatorConfig = z.object({ OPERATOR_TOKEN: z.string().min(16).max(256).optional() });

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
