import {
  contentSecurityPolicy,
  createAsyncApi,
  createOpenApi,
  openApiPage,
} from '@doorbuster/contracts/documents';
import { resource } from '@doorbuster/service';
import type { RequestHandler, Router } from 'express';

/** Serves the contracts as documents. They are made once, at the start, from what the services are built on. */
export function servePages(routes: Router): void {
  const openApi = createOpenApi();
  resource(routes, '/openapi.json', { get: [send('application/json', JSON.stringify(openApi))] });
  resource(routes, '/asyncapi.json', { get: [send('application/json', JSON.stringify(createAsyncApi()))] });
  resource(routes, '/docs', { get: [allowOwnStyle, send('text/html', openApiPage(openApi))] });
}

/** The page's own style, by its hash, and nothing else: stricter than what holds for every other answer. */
const allowOwnStyle: RequestHandler = (_req, res, next) => {
  res.set('Content-Security-Policy', `${contentSecurityPolicy}; frame-ancestors 'none'`);
  next();
};

const send =
  (type: string, body: string): RequestHandler =>
  (_req, res) =>
    void res.set('Cache-Control', 'no-cache').type(type).send(body);
