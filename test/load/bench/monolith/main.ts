import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPool, DatabaseConfig, readConfig, ServiceConfig } from '@doorbuster/service';
import { pino } from 'pino';
import { z } from 'zod';
import { catalogueOf } from '../../../../services/order/src/catalogue.ts';
import { createMonolith } from './app.ts';
import { fillDatabase } from './database.ts';

const config = readConfig(
  z.object({
    ...ServiceConfig.shape,
    ...DatabaseConfig.shape,
    CATALOGUE_FILE: z.string(),
    STOCK_PER_SKU: z.coerce.number().int().min(0),
    IN_FLIGHT_MAX: z.coerce.number().int().min(1),
  }),
);
const log = pino({ base: { instance: config.INSTANCE } });
const database = createPool(config.DATABASE_URL, config.DATABASE_POOL, log);
const products = await fillDatabase(
  database,
  await readFile(config.CATALOGUE_FILE, 'utf8'),
  config.STOCK_PER_SKU,
);
const catalogue = catalogueOf(products);
const server = createServer(createMonolith({ database, catalogue, inFlightMax: config.IN_FLIGHT_MAX, log }));
server.keepAliveTimeout = 65_000;
server.listen(config.PORT, config.HOST);
await once(server, 'listening');
log.info({ port: (server.address() as AddressInfo).port }, 'listening');
process.on('SIGTERM', () => process.exit(0));
