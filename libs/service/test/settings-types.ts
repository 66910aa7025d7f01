// Run by nobody: `npm run check` reads it. Each `@ts-expect-error` fails where the line below it compiles.
import { z } from 'zod';
import { DatabaseConfig, runService, ServiceConfig } from '../src/index.ts';

const Config = z.object({
  ...ServiceConfig.shape,
  ...DatabaseConfig.shape,
  ORDERS_MAX: z.coerce.number(),
  CATALOGUE_FILE: z.string(),
});

export const wellSpelt = () =>
  runService({
    name: 'shop',
    config: Config,
    live: ['ORDERS_MAX'],
    async start({ config, settings }) {
      settings.get('ORDERS_MAX').toFixed();
      config.CATALOGUE_FILE.trim();
      // @ts-expect-error: what is live is not in what was read at the start
      config.ORDERS_MAX;
      // @ts-expect-error: misspelt
      settings.get('ORDERS_MAXX');
      // @ts-expect-error: not live
      settings.get('CATALOGUE_FILE');
      throw new Error();
    },
  });

const start = () => Promise.reject(new Error());

// @ts-expect-error: misspelt
export const misspelt = () => runService({ name: 'shop', config: Config, live: ['ORDERS_MAXX'], start });

// @ts-expect-error: read once, at the start
export const fixed = () => runService({ name: 'shop', config: Config, live: ['PORT'], start });

// @ts-expect-error: it holds a password, and changes are logged
export const secret = () => runService({ name: 'shop', config: Config, live: ['DATABASE_URL'], start });
