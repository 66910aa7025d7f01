import { participants } from '@doorbuster/contracts';
import { watchService } from '@doorbuster/discovery';
import {
  DiscoveryConfig,
  json,
  OperatorConfig,
  requireJson,
  resource,
  runService,
  ServiceConfig,
} from '@doorbuster/service';
import { Router } from 'express';
import { z } from 'zod';
import { createAdmission } from './admission.ts';
import { ControlConfig, createControl } from './control/control.ts';
import { servePages } from './pages.ts';
import { createProxy } from './proxy.ts';
import { createRateLimits } from './rate-limit.ts';
import { createStreams } from './streams.ts';
import { webFolder as builtHere, createWeb } from './web.ts';

const Config = z.object({
  ...ServiceConfig.shape,
  ...DiscoveryConfig.shape,
  ...OperatorConfig.shape,
  ...ControlConfig.shape,
  ADMISSION_OPEN_ORDERS_MAX: z.coerce.number().int().min(1).default(3_000),
  ADMISSION_UNPUBLISHED_MS_MAX: z.coerce.number().int().min(1).default(10_000),
  ADMISSION_IN_FLIGHT_MAX: z.coerce.number().int().min(1).default(1_000),
  /** New orders of one customer: so many a second, and so many at once after a rest. */
  RATE_LIMIT_ORDERS_PER_S: z.coerce.number().positive().default(50),
  RATE_LIMIT_ORDERS_BURST: z.coerce.number().int().min(1).default(200),
  /** All other requests of one address: generous, for it may be that of a whole house. */
  RATE_LIMIT_PER_S: z.coerce.number().positive().default(2_000),
  RATE_LIMIT_BURST: z.coerce.number().int().min(1).default(10_000),
  /** How many proxies of ours stand before the gateway, each of which adds to `X-Forwarded-For`. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** How many clients may follow orders live through this door. */
  LIVE_STREAMS_MAX: z.coerce.number().int().min(1).max(10_000).default(1_000),
});

await runService({
  name: 'gateway',
  isDoor: true,
  config: Config,
  live: [
    'ADMISSION_OPEN_ORDERS_MAX',
    'ADMISSION_UNPUBLISHED_MS_MAX',
    'ADMISSION_IN_FLIGHT_MAX',
    'RATE_LIMIT_ORDERS_PER_S',
    'RATE_LIMIT_ORDERS_BURST',
    'RATE_LIMIT_PER_S',
    'RATE_LIMIT_BURST',
  ],
  async start({ config, settings, log, wire, pulse }) {
    const watch = (service: string) => watchService(config.CONSUL_URL, service, log, wire);
    const proxy = createProxy({ watch, services: participants, wire, log });
    const admission = createAdmission(
      (signal) => proxy.ask('order', '/load', signal),
      () => ({
        openOrdersMax: settings.get('ADMISSION_OPEN_ORDERS_MAX'),
        oldestUnpublishedMsMax: settings.get('ADMISSION_UNPUBLISHED_MS_MAX'),
        inFlightMax: settings.get('ADMISSION_IN_FLIGHT_MAX'),
      }),
      log,
    );
    const limits = createRateLimits({
      orders: () => ({
        perS: settings.get('RATE_LIMIT_ORDERS_PER_S'),
        burst: settings.get('RATE_LIMIT_ORDERS_BURST'),
      }),
      others: () => ({ perS: settings.get('RATE_LIMIT_PER_S'), burst: settings.get('RATE_LIMIT_BURST') }),
      proxies: config.TRUSTED_PROXIES,
    });
    const streams = createStreams(config.LIVE_STREAMS_MAX);
    const { WEB_FOLDER: webFolder = builtHere } = config;
    const web = createWeb(webFolder);
    const control = createControl({ config, webFolder, proxy, wire, pulse, log });
    const routes = Router();
    routes.use(limits.others);
    resource(routes, '/orders', {
      post: [proxy.readBody, limits.orders, admission.admit, proxy.to('order')],
    });
    resource(routes, '/orders/:id', { get: [web.pageForBrowsers, proxy.to('order')] });
    resource(routes, '/orders/:id/events', { get: [streams.admit, proxy.stream('order')] });
    resource(routes, '/orders/:id/messages', { get: [proxy.to('order')] });
    resource(routes, '/orders/:id/trace', { get: [control.showTrace] });
    resource(routes, '/orders/:id/mails', { get: [control.listMails] });
    resource(routes, '/products', { get: [proxy.to('order')] });
    resource(routes, '/products/:sku', { get: [proxy.to('order')] });
    resource(routes, '/stock/:sku', { get: [proxy.to('inventory')] });
    resource(routes, '/control/events', { get: [control.watch] });
    web.serve(routes);
    servePages(routes);
    // Behind the operator's token, like everything under /admin; the service asks for it once more.
    for (const service of participants) routes.use(`/admin/${service}`, proxy.to(service));
    routes.use('/admin/sagas', proxy.to('payment'));
    resource(routes, '/admin/instances', { get: [(_req, res) => void res.json({ services: proxy.view() })] });
    resource(routes, '/admin/whoami', { get: [(_req, res) => void res.status(204).end()] });
    resource(routes, '/admin/control/:action', { post: [requireJson, json(), control.act] });
    return {
      routes,
      isReady: proxy.isReady,
      turnAway: admission.turnAway,
      async drain() {
        control.drain();
        await streams.cut();
      },
      async close() {
        await control.close();
        await admission.close();
        await proxy.close();
      },
    };
  },
});
