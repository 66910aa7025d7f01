import type { IncomingMessage } from 'node:http';
import { actionBodies } from '@doorbuster/contracts';
import { Refusal, readJson, requireMethod } from '@doorbuster/stack';
import { z } from 'zod';
import type { DeskAction, DeskBody } from './actions.ts';
import type { Desk } from './desk.ts';
import { SpikeNews } from './spike-news.ts';

/** What the desk answers: `GET /desk`, `POST /desk/{action}` and, from a run, `PUT /desk/spike`. @throws Refusal */
export async function answer(desk: Desk, request: IncomingMessage): Promise<unknown> {
  const [collection, name, ...more] = (request.url ?? '/').split('/').slice(1);
  if (collection !== 'desk' || more.length > 0) throw noSuchAddress();
  if (name === undefined) {
    requireMethod(request, 'GET');
    return desk.view();
  }
  if (!isAction(desk, name)) throw noSuchAddress();
  requireMethod(request, 'POST', ...(name === 'spike' ? ['PUT'] : []));
  if (request.method === 'PUT') {
    desk.told(await read(SpikeNews, request));
    return {};
  }
  return { mark: await act(desk, name, request) };
}

const isAction = (desk: Desk, name: string): name is DeskAction => Object.hasOwn(desk.actions, name);

async function act<Name extends DeskAction>(desk: Desk, name: Name, request: IncomingMessage) {
  // The compiler does not know that the body found under `name` is the one that the action of the same `name` takes.
  const body = (await read(actionBodies[name], request)) as DeskBody<Name>;
  return desk.actions[name](body);
}

async function read<T extends z.ZodType>(schema: T, request: IncomingMessage): Promise<z.infer<T>> {
  const { data, error } = schema.safeParse(await readJson(request));
  if (error !== undefined) throw new Refusal(422, z.prettifyError(error));
  return data;
}

const noSuchAddress = (): Refusal => new Refusal(404, 'there is nothing at this address');
