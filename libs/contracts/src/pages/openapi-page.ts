import type { MediaType, OpenApi, OperationObject, ParameterObject, ResponseObject } from '../openapi.ts';
import { code, links, page, plain, prose, table } from './html.ts';
import { describeSchemas, limitsOf, schemaId, typeOf } from './schema.ts';

interface Route extends OperationObject {
  method: string;
  path: string;
}

/** The HTTP API for people: one page, without a script, that loads nothing. */
export function openApiPage(document: OpenApi): string {
  const { info, tags, components } = document;
  const routes = routesOf(document);
  const schemas = Object.keys(components.schemas);
  const contents = [
    ...tags.map(({ name }) =>
      links(
        name,
        routes
          .filter(({ tags: [tag] }) => tag === name)
          .map((route) => ({ id: route.operationId, html: title(route) })),
      ),
    ),
    links(
      'Schemas',
      schemas.map((name) => ({ id: schemaId(name), html: plain(name) })),
    ),
  ];
  const lead =
    `<p>${prose(info.description)}</p>\n<p class="note">Version ${plain(info.version)}. For machines: ` +
    '<a href="openapi.json">openapi.json</a>, and what the services tell each other: ' +
    '<a href="asyncapi.json">asyncapi.json</a>.</p>';
  const main = tags.map(({ name, description }) =>
    [
      `<h2>${plain(name)}</h2>\n<p>${prose(description)}</p>`,
      ...routes.filter(({ tags: [tag] }) => tag === name).map(describe),
    ].join('\n'),
  );
  const described = `<h2>Schemas</h2>\n${describeSchemas(components.schemas)}`;
  return page(`${info.title}: the HTTP API`, lead, contents.join('\n'), [...main, described].join('\n'));
}

const routesOf = ({ paths }: OpenApi): Route[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, ...operation })),
  );

const title = ({ method, path }: Route): string =>
  `<span class="method">${method.toUpperCase()}</span> ${plain(path)}`;

function describe(route: Route): string {
  const { operationId, summary, description, security, parameters = [], requestBody, responses } = route;
  const body = requestBody?.content['application/json'];
  return [
    `<section id="${operationId}">\n<h3>${title(route)}</h3>\n<p>${prose(summary)}.</p>`,
    description === undefined ? '' : `<p>${prose(description)}</p>`,
    security === undefined
      ? ''
      : '<p class="note">With <code>Authorization: Bearer</code> and the operator’s token.</p>',
    parameters.length === 0
      ? ''
      : table(['parameter', 'in', 'type', '', 'what it is'], parameters.map(toRow)),
    body === undefined ? '' : describeBody(body),
    `<h4>Answers</h4>\n${table(['status', 'what it means', 'headers', 'body'], Object.entries(responses).map(toAnswer))}`,
    '</section>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const toRow = ({ name, in: place, required, schema, description = '' }: ParameterObject): string[] => [
  code(name),
  place,
  typeOf(schema) + limitsOf(schema),
  required ? '' : 'optional',
  prose(description),
];

const describeBody = ({ schema, example }: MediaType): string =>
  `<h4>Body: ${typeOf(schema)}</h4>\n<pre>${plain(JSON.stringify(example, undefined, 2))}</pre>`;

function toAnswer([status, { description, headers = {}, content = {} }]: [string, ResponseObject]): string[] {
  const names = Object.entries(headers).map(
    ([name, { required }]) => code(name) + (required ? '' : ' or not'),
  );
  const bodies = Object.entries(content).map(([type, media]) => `${describeMedia(media)}<br>${code(type)}`);
  return [status, prose(description), names.join('<br>'), bodies.join('<br>')];
}

function describeMedia({ schema, 'x-events': events }: MediaType): string {
  if (events === undefined) return typeOf(schema);
  return Object.entries(events)
    .map(([name, data]) => `${code(name)}: ${typeOf(data)}`)
    .join('<br>');
}
