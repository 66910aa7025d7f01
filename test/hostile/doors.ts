import { actionBodies, actionNames, participants } from '@doorbuster/contracts';
import { operations } from '@doorbuster/contracts/documents';
import { v7 as newOrderId } from 'uuid';
import { z } from 'zod';
import { adminRoutes } from '../../libs/service/src/admin.ts';
import { api as acquirer, ChargeBody } from '../../services/acquirer/src/api.ts';
import { initialKnobs, Knobs } from '../../services/acquirer/src/knobs.ts';
import { api as inventory } from '../../services/inventory/src/api.ts';
import { api as order } from '../../services/order/src/api.ts';
import { api as payment } from '../../services/payment/src/api.ts';
import type { ShopInfo } from '../audit/sources.ts';
import { documentedRoutes, routesIn } from '../house/routes.ts';
import type { Address } from './exchange.ts';

/** Somewhere that takes a body. */
export interface BodyRoute {
  method: string;
  /** With everything that it needs in its gaps. */
  path: string;
  schema: z.ZodType;
  /** A body that makes sense. */
  good: unknown;
}

/** Something that listens. */
export interface Door {
  name: string;
  address: Address;
  /** `GET /orders/:id`, one for each method that is served. */
  routes: readonly string[];
  bodies: readonly BodyRoute[];
  /** The header with which operators come. */
  operator: string;
  /** True where everything is for operators; what is no HTTP gets Node's own bare answer there. */
  isOperators: boolean;
}

export type HostileInfo = z.infer<typeof HostileInfo>;
/** What has to be known of a shop; it is in what `--info FILE` holds. */
export const HostileInfo = z.object({
  gateway: z.url(),
  acquirer: z.url(),
  mailbox: z.url(),
  consul: z.url(),
  supervisor: z.url(),
  desk: z.url().optional(),
  operatorToken: z.string(),
  operatorSigningKey: z.string(),
  runDir: z.string(),
  auditor: z.custom<ShopInfo['auditor']>(),
});

// Routers are made without anything behind them: only their paths are looked at.
const nothing = {} as never;
const house = ['GET /health/live', 'GET /health/ready'];
const behind: Record<(typeof participants)[number], string[]> = {
  order: routesIn(order({ live: { follow: () => undefined } } as never)),
  inventory: routesIn(inventory(nothing)),
  payment: routesIn(payment(nothing)),
  notification: [],
};

/** Everything that listens in this shop, with everything that it serves. */
export async function doorsOf(info: HostileInfo): Promise<Door[]> {
  const operator = `Bearer ${info.operatorToken}`;
  const door = (
    name: string,
    url: string,
    routes: string[],
    bodies: BodyRoute[],
    isOperators = false,
  ): Door => {
    const { hostname: host, port } = new URL(url);
    return { name, address: { host, port: Number(port) }, routes, bodies, operator, isOperators };
  };
  const services = await Promise.all(
    participants.map(async (service) => {
      const own = [...behind[service], ...routesIn(adminRoutes(nothing), `/admin/${service}`)];
      const bodies = contractBodies.filter(({ method, path }) =>
        own.some((route) => leadsTo(route, method, path)),
      );
      return door(service, await findService(info.consul, service), [...house, 'GET /pulse', ...own], bodies);
    }),
  );
  return [
    door('gateway', info.gateway, documentedRoutes(), contractBodies),
    ...services,
    door('acquirer', info.acquirer, [...house, 'GET /pulse', ...routesIn(acquirer(nothing))], acquirerBodies),
    door('mailbox', info.mailbox, [...house, 'GET /pulse', 'GET /messages'], []),
    door('supervisor', info.supervisor, supervisorRoutes, [], true),
    ...(info.desk === undefined ? [] : [door('desk', info.desk, deskRoutes, deskBodies, true)]),
  ];
}

const supervisorRoutes = ['GET /processes', 'POST /processes/:name/:action', 'POST /services/:name/scale'];
const deskRoutes = ['GET /desk', 'POST /desk/:action', 'PUT /desk/spike'];

const goodActions: { [Name in keyof typeof actionBodies]: z.infer<(typeof actionBodies)[Name]> } = {
  spike: { seconds: 10, basePerS: 1, peakPerS: 2, seed: 1 },
  kill: { instance: 'payment-1' },
  pause: { instance: 'payment-1', paused: true },
  scale: { service: 'payment', instances: 1 },
  acquirer: { latencyMs: 0 },
  kafka: { paused: true },
  poison: { topic: 'none' },
  twice: { on: true },
};
const actionsUnder = (path: string): BodyRoute[] =>
  actionNames.map((name) => ({
    method: 'POST',
    path: `${path}/${name}`,
    schema: actionBodies[name],
    good: goodActions[name],
  }));

const deskBodies = actionsUnder('/desk').filter(({ path }) => path !== '/desk/acquirer');

/** Every operation of the contract that takes a body, each service of a path for itself. */
const contractBodies: BodyRoute[] = [
  ...operations.flatMap(({ method, path, id, body: schema, example: good, inPath = {} }) => {
    if (schema === undefined || id === 'act') return [];
    const places = 'service' in inPath ? participants.map((name) => path.replace('{service}', name)) : [path];
    const gap = path.includes('sagas') ? newOrderId() : '1';
    return places.map((place) => ({
      method: method.toUpperCase(),
      path: place.replace('{id}', gap),
      schema,
      good,
    }));
  }),
  ...actionsUnder('/admin/control'),
];

const acquirerBodies: BodyRoute[] = [
  {
    method: 'POST',
    path: '/charges',
    schema: ChargeBody,
    good: { orderId: newOrderId(), amountCents: 1, currency: 'GBP', card: 'tok_ok' },
  },
  { method: 'PUT', path: '/knobs', schema: Knobs.partial(), good: initialKnobs },
];

function leadsTo(route: string, method: string, path: string): boolean {
  const pattern = route.replaceAll(/:\w+/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(`${method} ${path}`);
}

const Found = z.array(z.object({ Service: z.object({ Address: z.string(), Port: z.int() }) })).min(1);

async function findService(consul: string, name: string): Promise<string> {
  const response = await fetch(`${consul}/v1/health/service/${name}?passing=true`);
  const [{ Service }] = Found.parse(await response.json()) as [z.infer<typeof Found>[number]];
  return `http://${Service.Address}:${Service.Port}`;
}
