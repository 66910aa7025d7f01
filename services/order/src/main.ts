import { flows } from '@doorbuster/contracts';
import { ParticipantConfig, runService } from '@doorbuster/service';
import { z } from 'zod';
import { api } from './api.ts';
import { loadCatalogue } from './catalogue.ts';
import { defaultLimits } from './followers.ts';
import { createLive } from './live.ts';
import { measureOrders, observeOrders } from './metrics.ts';
import { createDecide } from './order.ts';
import { store } from './store.ts';

const Config = ParticipantConfig.extend({
  /** CSV with the header `sku,name,price_cents`. */
  CATALOGUE_FILE: z.string(),
  /** How long a step of the checkout may take before it times out. */
  SAGA_STEP_TIMEOUT_MS: z.coerce.number().int().min(100).default(10_000),
  /** How many clients may follow orders live at this instance. */
  LIVE_STREAMS_MAX: z.coerce.number().int().min(1).max(10_000).default(defaultLimits.streams),
});

await runService({
  name: 'order',
  config: Config,
  migrations: new URL('../migrations/', import.meta.url),
  async start({ config, database, log, startPipeline }) {
    const catalogue = await loadCatalogue(database, config.CATALOGUE_FILE, log);
    const pipeline = await startPipeline({
      consumes: flows.order.receives,
      store,
      decide: createDecide(config.SAGA_STEP_TIMEOUT_MS),
      timeline: ({ state }) => state,
      onChanged: measureOrders,
    });
    observeOrders(database);
    const { DATABASE_URL: databaseUrl, LIVE_STREAMS_MAX: streams } = config;
    const live = createLive({ database, databaseUrl, log, limits: { ...defaultLimits, streams } });
    const kafka = { brokers: config.KAFKA_BROKERS, clientId: `${config.INSTANCE}-reader` };
    return { routes: api({ pipeline, database, catalogue, live, kafka }), drain: live.close };
  },
});
