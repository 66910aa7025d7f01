import { flows } from '@doorbuster/contracts';
import { ParticipantConfig, runService } from '@doorbuster/service';
import { z } from 'zod';
import { api } from './api.ts';
import { observeStock } from './metrics.ts';
import { seedStock } from './seed.ts';
import { decide } from './stock.ts';
import { store } from './store.ts';

const Config = ParticipantConfig.extend({
  /** CSV with the header `sku,name,price_cents`: what the shelves are filled with at the first start. */
  CATALOGUE_FILE: z.string(),
  STOCK_PER_SKU: z.coerce.number().int().min(0).default(1_000_000),
  /** One SKU of which there is more or less than of the others. */
  HOT_SKU: z.string().optional(),
  HOT_SKU_STOCK: z.coerce.number().int().min(0).default(1_000_000),
});

await runService({
  name: 'inventory',
  config: Config,
  migrations: new URL('../migrations/', import.meta.url),
  async start({ config, database, startPipeline }) {
    await seedStock(database, {
      catalogueFile: config.CATALOGUE_FILE,
      perSku: config.STOCK_PER_SKU,
      hotSku: config.HOT_SKU,
      hotSkuStock: config.HOT_SKU_STOCK,
    });
    await startPipeline({ consumes: flows.inventory.receives, store, decide });
    observeStock(database);
    return { routes: api(database) };
  },
});
