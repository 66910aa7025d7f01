import { DiscoveryConfig, OperatorConfig, resource, runService, ServiceConfig } from '@doorbuster/service';
import { Router } from 'express';
import { z } from 'zod';
import { createAdmission } from './admission.ts';
import { createProxy } from './proxy.ts';

const Config = z.object({
  ...ServiceConfig.shape,
  ...DiscoveryConfig.shape,
  ...OperatorConfig.shape,
  ADMISSION_OPEN_ORDERS_MAX: z.coerce.number().int().min(1).default(5_000),
  ADMISSION_UNPUBLISHED_MS_MAX: z.coerce.number().int().min(1).default(10_000),
  ADMISSION_IN_FLIGHT_MAX: z.coerce.number().int().min(1).default(1_000),
});

const participants = ['order', 'inventory', 'payment', 'notification'];

await runService({
  name: 'gateway',
  config: Config,
  async start({ config, log }) {
    const proxy = createProxy(config.CONSUL_URL, participants, log);
    const admission = createAdmission(
      (signal) => proxy.ask('order', '/load', signal),
      {
        openOrdersMax: config.ADMISSION_OPEN_ORDERS_MAX,
        oldestUnpublishedMsMax: config.ADMISSION_UNPUBLISHED_MS_MAX,
        inFlightMax: config.ADMISSION_IN_FLIGHT_MAX,
      },
      log,
    );
    const routes = Router();
    resource(routes, '/orders', { post: [admission.admit, proxy.to('order')] });
    resource(routes, '/orders/:id', { get: [proxy.to('order')] });
    resource(routes, '/products', { get: [proxy.to('order')] });
    resource(routes, '/products/:sku', { get: [proxy.to('order')] });
    resource(routes, '/stock/:sku', { get: [proxy.to('inventory')] });
    // Behind the operator's token, like everything under /admin; the service asks for it once more.
    for (const service of participants) routes.use(`/admin/${service}`, proxy.to(service));
    routes.use('/admin/sagas', proxy.to('payment'));
    return {
      routes,
      isReady: proxy.isReady,
      async close() {
        await admission.close();
        await proxy.close();
      },
    };
  },
});
