import { ParticipantConfig, runService } from '@doorbuster/service';
import { z } from 'zod';
import { acquirerEffects } from './acquirer.ts';
import { api } from './api.ts';
import { decide } from './payment.ts';
import { store } from './store.ts';

const Config = ParticipantConfig.extend({
  /** Base address of the card acquirer, which is not ours. */
  ACQUIRER_URL: z.url(),
  ACQUIRER_TIMEOUT_MS: z.coerce.number().int().min(100).max(10_000).default(4_000),
});

await runService({
  name: 'payment',
  config: Config,
  migrations: new URL('../migrations/', import.meta.url),
  async start({ config, database, startPipeline }) {
    const { parked } = await startPipeline({
      consumes: ['CapturePayment', 'ClosePayment'],
      store,
      decide,
      effects: acquirerEffects({ url: config.ACQUIRER_URL, timeoutMs: config.ACQUIRER_TIMEOUT_MS }),
    });
    return { routes: api({ parked, database }) };
  },
});
