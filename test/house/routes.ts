import { spawnSync } from 'node:child_process';
import { createOpenApi } from '@doorbuster/contracts/documents';
import type { Router } from 'express';
import { z } from 'zod';
import { root } from './source.ts';

/** What Express keeps of a path: its methods, and the 405 for all others, which has none. */
interface Route {
  path: string;
  stack: { method?: string | undefined }[];
}

/** `GET /orders/:id`, once for each method that is really served. */
export const methodsOf = ({ path, stack }: Route): string[] => [
  ...new Set(stack.flatMap(({ method }) => (method === undefined ? [] : `${method.toUpperCase()} ${path}`))),
];

/** The routes of a router, below the place where it is mounted. */
export const routesIn = (router: Router, mount = ''): string[] =>
  router.stack.flatMap(({ route }) =>
    route === undefined ? [] : methodsOf({ path: `${mount}${route.path}`, stack: route.stack }),
  );

const Printed = z.object({ routes: z.array(z.string()), mounts: z.array(z.string()) });

/** What the gateway really serves, and what it hands on as a whole, as it says when it is started. */
export function routesOfGateway(): z.infer<typeof Printed> {
  const { stdout, stderr } = spawnSync(process.execPath, ['test/house/gateway-routes.ts'], {
    cwd: root,
    encoding: 'utf8',
    // Nobody answers at this address: the gateway is not ready then, and has its routes all the same.
    env: { INSTANCE: 'gateway-1', CONSUL_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'error' },
  });
  const last = stdout.trim().split('\n').at(-1);
  if (last === undefined || !last.startsWith('{"routes"')) throw new Error(`${stdout}${stderr}`);
  return Printed.parse(JSON.parse(last));
}

/** The routes that the OpenAPI document has, in Express's way of writing, each service of a path for itself. */
export function documentedRoutes(): string[] {
  return Object.entries(createOpenApi().paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [] }]) => {
      const services = parameters.find(({ name }) => name === 'service')?.schema.enum ?? [''];
      return services.map((service) => {
        const place = path.replace('{service}', String(service)).replaceAll(/\{(\w+)\}/g, ':$1');
        return `${method.toUpperCase()} ${place}`;
      });
    }),
  );
}
