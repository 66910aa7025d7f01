import path from 'node:path';
import { Problem, resource } from '@doorbuster/service';
import type { RequestHandler, Response, Router } from 'express';

/** Where `npm run build:web` puts the page. */
export const webFolder = path.resolve(import.meta.dirname, '../web/dist');

/** The page's own files and the door that it came from, and nothing else: no inline script, no other place. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export interface Web {
  /** Answers with the page. */
  page: RequestHandler;
  /** Answers with the page whoever would rather have HTML than JSON, and lets all others through. */
  pageForBrowsers: RequestHandler;
  /** The page's address and those of its files. */
  serve(routes: Router): void;
}

/**
 * Serves the page that was built into this folder. It is looked for at each request, so that it may be built while the
 * gateway runs.
 */
export function createWeb(folder: string): Web {
  const page: RequestHandler = async (_req, res) => {
    const headers = { 'Content-Security-Policy': contentSecurityPolicy, 'Cache-Control': 'no-cache' };
    const isThere = await sendFile(res, 'index.html', folder, headers);
    if (!isThere) throw new Problem(503, 'The page is not built: run `npm run build:web`');
  };

  const asset: RequestHandler = async (req, res) => {
    // Their names change with what is in them.
    const headers = { 'Cache-Control': 'public, max-age=31536000, immutable' };
    const isThere = await sendFile(res, String(req.params['file']), path.join(folder, 'assets'), headers);
    if (!isThere) throw new Problem(404, 'The page has no such file');
  };

  return {
    page,
    pageForBrowsers(req, res, next) {
      res.vary('Accept');
      if (req.accepts(['json', 'html']) === 'html') page(req, res, next);
      else next();
    },
    serve(routes) {
      resource(routes, '/', { get: [page] });
      resource(routes, '/control', { get: [page] });
      resource(routes, '/assets/:file', { get: [asset] });
    },
  };
}

/** Sends a file of the folder, if there is one: nothing outside of it, and nothing hidden. */
async function sendFile(
  res: Response,
  file: string,
  root: string,
  headers: Record<string, string>,
): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  res.sendFile(file, { root, headers, cacheControl: false, dotfiles: 'ignore' }, (error) => {
    // Who left before the end does not need to be told anything.
    if (error === undefined || res.headersSent || res.closed) resolve(true);
    else if ('statusCode' in error && Number(error.statusCode) < 500) resolve(false);
    else reject(error);
  });
  return promise;
}
