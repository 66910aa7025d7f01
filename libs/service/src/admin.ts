import { DeadLetterQuery, EditBody, ReplayBody } from '@doorbuster/contracts';
import type { Pipeline } from '@doorbuster/pipeline';
import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { json, resource } from './http.ts';
import { Problem, parseBody, parseQuery, requireJson, unprocessable } from './problem.ts';

type Desk = Pick<Pipeline<never>, 'deadLetters' | 'actions'>;

const LetterId = z.coerce.number().int().min(1);
const actionsMax = 200;

/** What every service with a pipeline lets an operator do. Whoever comes here has shown the token. */
export function adminRoutes({ deadLetters, actions }: Desk): Router {
  const router = Router();
  resource(router, '/dead-letters', { get: [list(deadLetters)] });
  resource(router, '/dead-letters/replay', { post: [requireJson, json(), replay(deadLetters)] });
  resource(router, '/dead-letters/:id', { get: [show(deadLetters)] });
  resource(router, '/dead-letters/:id/edit', { post: [requireJson, json(), edit(deadLetters)] });
  resource(router, '/actions', {
    get: [async (_req, res) => void res.json({ items: await actions(actionsMax) })],
  });
  return router;
}

const list =
  (letters: Desk['deadLetters']): RequestHandler =>
  async (req, res) => {
    res.json(await letters.list(parseQuery(DeadLetterQuery, req.query)));
  };

const show =
  (letters: Desk['deadLetters']): RequestHandler =>
  async (req, res) => {
    const letter = await letters.show(idOf(req.params['id']));
    if (letter === undefined) throw noLetter();
    res.json(letter);
  };

/** One after the other: each is a transaction of its own, and one that cannot be replayed keeps none of the rest. */
const replay =
  (letters: Desk['deadLetters']): RequestHandler =>
  async (req, res) => {
    const { ids, ...operator } = parseBody(ReplayBody, req.body);
    const results = [];
    for (const id of new Set(ids)) results.push(await letters.replay(id, operator));
    res.json({ results });
  };

const edit =
  (letters: Desk['deadLetters']): RequestHandler =>
  async (req, res) => {
    const id = idOf(req.params['id']);
    const { type, data, ...operator } = parseBody(EditBody, req.body);
    if ((await letters.show(id)) === undefined) throw noLetter();
    const edited = letters.edit(id, type, data, operator).catch((error) => {
      throw error instanceof z.ZodError ? unprocessable(error, '/data') : error;
    });
    res.json(await edited);
  };

function idOf(text: unknown): number {
  const id = LetterId.safeParse(text);
  if (!id.success) throw noLetter();
  return id.data;
}

const noLetter = (): Problem => new Problem(404, 'There is no such dead letter');
