import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Addresses = z.object({
  kafka: z.array(z.string()),
  postgres: z.record(z.string(), z.string()),
  auditor: z.record(z.string(), z.string()),
  consul: z.string(),
  jaeger: z.string(),
  otlp: z.string(),
});

const Servers = Addresses.extend({ postgresForServices: z.record(z.string(), z.string()) });

const Shop = Addresses.extend({
  gateway: z.string(),
  mailbox: z.string(),
  acquirer: z.string(),
  supervisor: z.string(),
  operatorToken: z.string(),
  operatorSigningKey: z.string(),
  runDir: z.string(),
});

/** The file in which `npm test` wrote the addresses of what it started. @throws outside `npm test` */
export function infoFile(): string {
  const file = process.env['DOORBUSTER_TEST_INFO'];
  if (file !== undefined) return file;
  throw new Error('These tests need real servers: run them with `npm test -- <part>`');
}

const read = <T extends z.ZodType>(schema: T): z.infer<T> =>
  schema.parse(JSON.parse(readFileSync(infoFile(), 'utf8')));

/** The real servers that the component tests share. */
export const servers = () => read(Servers);

/** The real shop that the end-to-end tests share. */
export const shop = () => read(Shop);
