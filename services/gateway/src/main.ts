import { watchService } from '@doorbuster/discovery';
import { DiscoveryConfig, OperatorConfig, resource, runService, ServiceConfig } from '@doorbuster/service';
import { Router } from 'express';
import { z } from 'zod';
import { createAdmission } from './admission.ts';
import { servePages } from './pages.ts';
import { createProxy } from './proxy.ts';
import { createStreams } from './streams.ts';

const Config = z.object({
  ...ServiceConfig.shape,
  ...DiscoveryConfig.shape,
  ...OperatorConfig.shape,
  ADMISSION_OPEN_ORDERS_MAX: z.coerce.number().int().min(1).default(3_000),
  ADMISSION_UNPUBLISHED_MS_MAX: z.coerce.number().int().min(1).default(10_000),
  ADMISSION_IN_FLIGHT_MAX: z.coerce.number().int().min(1).default(1_000),
  /** How many clients may follow orders live through this door. */
  LIVE_STREAMS_MAX: z.coerce.number().int().min(1).max(10_000).default(1_000),
});

const participants = ['order', 'inventory', 'payment', 'notification'];

await runService({
  name: 'gateway',
  isDoor: true,
  config: Config,
  live: ['ADMISSION_OPEN_ORDERS_MAX', 'ADMISSION_UNPUBLISHED_MS_MAX', 'ADMISSION_IN_FLIGHT_MAX'],
  async start({ config, settings, log }) {
    const watch = (service: string) => watchService(config.CONSUL_URL, service, log);
    const proxy = createProxy({ watch, services: participants, log });
    const admission = createAdmission(
      (signal) => proxy.ask('order', '/load', signal),
      () => ({
        openOrdersMax: settings.get('ADMISSION_OPEN_ORDERS_MAX'),
        oldestUnpublishedMsMax: settings.get('ADMISSION_UNPUBLISHED_MS_MAX'),
        inFlightMax: settings.get('ADMISSION_IN_FLIGHT_MAX'),
      }),
      log,
    );
    const streams = createStreams(config.LIVE_STREAMS_MAX);
    const routes = Router();
    resource(routes, '/orders', { post: [admission.admit, proxy.to('order')] });
    resource(routes, '/orders/:id', { get: [proxy.to('order')] });
    resource(routes, '/orders/:id/events', { get: [streams.admit, proxy.stream('order')] });
    resource(routes, '/products', { get: [proxy.to('order')] });
    resource(routes, '/products/:sku', { get: [proxy.to('order')] });
    resource(routes, '/stock/:sku', { get: [proxy.to('inventory')] });
    servePages(routes);
    // Behind the operator's token, like everything under /admin; the service asks for it once more.
    for (const service of participants) routes.use(`/admin/${service}`, proxy.to(service));
    routes.use('/admin/sagas', proxy.to('payment'));
    resource(routes, '/admin/instances', { get: [(_req, res) => void res.json({ services: proxy.view() })] });
    return {
      routes,
      isReady: proxy.isReady,
      turnAway: admission.turnAway,
      drain: streams.cut,
      async close() {
        await admission.close();
        await proxy.close();
      },
    };
  },
});
