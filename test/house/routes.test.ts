import { flows, participants } from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import { Router } from 'express';
import { adminRoutes } from '../../libs/service/src/admin.ts';
import { api as inventory } from '../../services/inventory/src/api.ts';
import { api as order } from '../../services/order/src/api.ts';
import { api as payment } from '../../services/payment/src/api.ts';
import { documentedRoutes, routesIn, routesOfGateway } from './routes.ts';
import { readSource } from './source.ts';

describe('When the gateway is started', () => {
  const { routes, mounts } = routesOfGateway();
  const doors = mounts.filter((mount) => mount.startsWith('/admin/'));

  test('then it serves the paths and methods that the OpenAPI document has, and no others', () => {
    // Routers are made without anything behind them: only their paths are looked at.
    const nothing = {} as never;
    const behind = [
      ...participants.flatMap((service) => routesIn(adminRoutes(nothing), `/admin/${service}`)),
      ...routesIn(order({ live: { follow: () => undefined } } as never)),
      ...routesIn(inventory(nothing)),
      ...routesIn(payment(nothing)),
    ];
    // What is handed on as a whole has the routes of the service behind it.
    const handedOn = behind.filter((route) =>
      doors.some((door) => route.includes(` ${door}/`) || route.endsWith(` ${door}`)),
    );
    expect([...routes, ...handedOn].toSorted()).toEqual(documentedRoutes().toSorted());
  });

  test('then every door that it hands on as a whole leads somewhere', () => {
    const unused = doors.filter((door) => !documentedRoutes().some((route) => route.includes(` ${door}`)));
    expect([doors.length, unused]).toEqual([participants.length + 1, []]);
  });
});

test('When a router is read, then every method of every path is seen, and 405 is none', () => {
  const router = Router();
  router
    .route('/a')
    .get(() => undefined)
    .post(
      () => undefined,
      () => undefined,
    )
    .all(() => undefined);
  router.delete('/b', () => undefined);
  expect(routesIn(router, '/x')).toEqual(['GET /x/a', 'POST /x/a', 'DELETE /x/b']);
});

test.each(participants)('When %s subscribes, then it is to what the AsyncAPI document says', (service) => {
  expect(flows[service].receives.length).toBeGreaterThan(0);
  expect(readSource(`services/${service}/src/main.ts`).text).toContain(
    `consumes: flows.${service}.receives,`,
  );
});
