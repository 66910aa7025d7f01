import { flows } from '@doorbuster/contracts';
import { createPool, ParticipantConfig, runService } from '@doorbuster/service';
import { z } from 'zod';
import { acquirerEffects } from './acquirer.ts';
import { inProcessAcquirerEffects } from './acquirer-in-process.ts';
import { api } from './api.ts';
import { decide } from './payment.ts';
import { store } from './store.ts';

const Config = ParticipantConfig.extend({
  /** Base address of the card acquirer, which is not ours; or the database of one that runs in this process. */
  ACQUIRER_URL: z.url({ protocol: /^(https?|postgres(ql)?)$/ }),
  /** An attempt may take two calls, a look-up and a charge, and has to be over before its lease of 15 s is. */
  ACQUIRER_TIMEOUT_MS: z.coerce.number().int().min(100).max(7_000).default(4_000),
});

await runService({
  name: 'payment',
  config: Config,
  live: ['ACQUIRER_TIMEOUT_MS'],
  migrations: new URL('../migrations/', import.meta.url),
  async start({ config, settings, database, log, startPipeline }) {
    const { ACQUIRER_URL: url } = config;
    const timeoutMs = () => settings.get('ACQUIRER_TIMEOUT_MS');
    const books = url.startsWith('postgres') ? createPool(url, 2, log) : undefined;
    const { parked } = await startPipeline({
      consumes: flows.payment.receives,
      store,
      decide,
      effects: books === undefined ? acquirerEffects({ url, timeoutMs }) : inProcessAcquirerEffects(books),
    });
    return { routes: api({ parked, database }), close: async () => books?.end() };
  },
});
