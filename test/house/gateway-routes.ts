/**
 * Starts the gateway as it is, notes on the way every path that Express is given, and prints them. A process of its
 * own, because a service reads its configuration and listens as soon as it is loaded.
 */
import { Router } from 'express';
import { methodsOf } from './routes.ts';

const { route, use } = Router.prototype;
const routes: ReturnType<typeof route>[] = [];
const mounts: unknown[] = [];
Router.prototype.route = function (path: string) {
  const made = route.call(this, path);
  routes.push(made);
  return made;
};
Router.prototype.use = function (...args: Parameters<typeof use>) {
  const [path] = args as unknown[];
  if (typeof path !== 'function') mounts.push(path);
  return use.apply(this, args);
};

await import('../../services/gateway/src/main.ts');
process.stdout.write(`\n${JSON.stringify({ routes: routes.flatMap(methodsOf), mounts })}\n`);
process.exit(0);
