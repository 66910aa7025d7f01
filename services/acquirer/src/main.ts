// The world outside: a card network that is not ours, with books of its own, so that nobody takes our word.
import { DatabaseConfig, runService, ServiceConfig } from '@doorbuster/service';
import { z } from 'zod';
import { api } from './api.ts';

await runService({
  name: 'acquirer',
  config: z.object({ ...ServiceConfig.shape, ...DatabaseConfig.shape }),
  migrations: new URL('../migrations/', import.meta.url),
  start: async ({ database }) => ({ routes: api(database) }),
});
