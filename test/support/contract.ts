import {
  createOpenApi,
  type MediaType,
  type OperationObject,
  type ResponseObject,
} from '@doorbuster/contracts/documents';
import { validatorOf } from '../../libs/contracts/test/json-schema.ts';
import { readEvents } from './event-stream.ts';
import { shop } from './servers.ts';

/** One operation of the OpenAPI document, with its place. */
export interface Route extends OperationObject {
  method: string;
  path: string;
}

const { paths, components } = createOpenApi();

export const routes: readonly Route[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    ...operation,
  })),
);

/** A request, without what the document says already. A body that is text is sent as it is. */
export interface Ask {
  path?: Record<string, string>;
  query?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** The address of a path of the document, with something in each of its gaps. */
export const addressOf = (path: string, values: Record<string, string> = {}): string =>
  shop().gateway + path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? 'x'));

/** Asks the running shop; whoever may be asked for a token shows it, unless the request brings one of its own. */
export async function askShop(route: Route, { path, query = '', headers, body }: Ask): Promise<Response> {
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const token = route.security && { authorization: `Bearer ${shop().operatorToken}` };
  return fetch(addressOf(route.path, path) + query, {
    method: route.method,
    headers: { ...json, ...token, ...headers },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Everything in an answer that is not as the document says, a sentence each. */
export async function complaintsAbout(route: Route, response: Response): Promise<string[]> {
  const documented = route.responses[response.status];
  if (documented === undefined) return [`${response.status} is not documented: ${await response.text()}`];
  const { content = {} } = documented;
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const media = content[type] ?? content['*/*'];
  if (media !== undefined)
    return [
      ...complaintsAboutHeaders(documented, response),
      ...(await complaintsAboutBody(type, media, response)),
    ];
  const body = await response.text();
  return Object.keys(content).length === 0 && body === ''
    ? complaintsAboutHeaders(documented, response)
    : [`${response.status} has ${type || 'no type'} instead of ${Object.keys(content)}: ${body}`];
}

function complaintsAboutHeaders({ headers = {} }: ResponseObject, response: Response): string[] {
  return Object.entries(headers).flatMap(([name, { required, schema }]) => {
    const value = response.headers.get(name);
    if (value === null) return required ? [`There is no ${name}`] : [];
    return validatorOf(
      schema,
      {},
    )(schema.type === 'integer' ? Number(value) : value).map((why) => `${name}${why}`);
  });
}

async function complaintsAboutBody(type: string, media: MediaType, response: Response): Promise<string[]> {
  const { schema, 'x-events': events } = media;
  if (events === undefined) {
    const body = type.endsWith('json') ? await response.json() : await response.text();
    return validatorOf(schema, components.schemas)(body);
  }
  const complaints: string[] = [];
  const seen = new Set<string>();
  for await (const { event, data = '' } of readEvents(response.body ?? new ReadableStream())) {
    if (event === undefined) continue;
    seen.add(event);
    const known = events[event];
    complaints.push(
      ...(known === undefined
        ? [`${event} is not documented`]
        : validatorOf(known, components.schemas)(JSON.parse(data))),
    );
    // Some streams never end.
    if (seen.size === Object.keys(events).length) break;
  }
  return [
    ...complaints,
    ...Object.keys(events)
      .filter((event) => !seen.has(event))
      .map((event) => `No ${event} came`),
  ];
}
