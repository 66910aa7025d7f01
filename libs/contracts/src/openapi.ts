import type { z } from 'zod';
import { type JsonSchema, schemaOf, schemasOf } from './json-schema.ts';
import { named, operations } from './operations/index.ts';
import { type Answer, answerHeaders, type Operation, problem } from './operations/operation.ts';
import { CONTRACTS_VERSION } from './version.ts';

/** The parts of OpenAPI 3.1 that we use. Source: https://spec.openapis.org/oas/v3.1.1.html */
export interface OpenApi {
  openapi: '3.1.1';
  info: {
    title: string;
    version: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: { url: string; description: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Partial<Record<Operation['method'], OperationObject>>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: object };
}

export interface OperationObject {
  operationId: string;
  tags: [string];
  summary: string;
  description?: string;
  security?: { operator: [] }[];
  parameters?: ParameterObject[];
  requestBody?: { required: true; content: Record<string, MediaType> };
  responses: Record<string, ResponseObject>;
}

export interface ParameterObject {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface ResponseObject {
  description: string;
  headers?: Record<string, { description: string; required: boolean; schema: JsonSchema }>;
  content?: Record<string, MediaType>;
}

export interface MediaType {
  schema: JsonSchema;
  example?: unknown;
  /** The data of each event, where the answer is a stream of them. OpenAPI 3.1 has no word for it. */
  'x-events'?: Record<string, JsonSchema>;
}

const description =
  'The one door of the shop. An order is accepted in milliseconds and carried out afterwards: look at it, or follow it. ' +
  'Errors are problem documents (RFC 9457). Every path answers 405 with `Allow` to a method that it does not have, and ' +
  'GET stands for HEAD too. Unknown fields are ignored, in both directions: new ones may appear in any answer.';

const tags = [
  { name: 'Orders', description: 'Placing orders, looking at them, following them.' },
  { name: 'Catalogue', description: 'What is sold, and how much of it is there.' },
  { name: 'Pages', description: 'For browsers: the shop window, an order’s page, the control room.' },
  { name: 'Operators', description: 'What is done by hand, behind a token, and written down.' },
  { name: 'Documents', description: 'What you are reading.' },
  { name: 'Health', description: 'For whoever runs the gateway.' },
];

/** The gateway's HTTP API, made from the table of operations. */
export function createOpenApi(): OpenApi {
  const paths: OpenApi['paths'] = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: toObject(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Doorbuster',
      version: CONTRACTS_VERSION,
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The gateway that serves this document' }],
    tags,
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: {
        operator: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An operator’s token, as `npm run token` makes it',
        },
      },
    },
  };
}

/** @throws when a schema under one name would read otherwise than it is written */
function namedSchemas(): Record<string, JsonSchema> {
  const read = schemasOf(named, 'input');
  const written = schemasOf(named, 'output');
  for (const name of Object.keys(named)) {
    if (JSON.stringify(read[name]) !== JSON.stringify(written[name]))
      throw new Error(`${name} is not the same for readers and writers; it needs two names`);
  }
  return read;
}

const names = new Map(Object.entries(named).map(([name, schema]) => [schema, name]));

/** A reference where the schema has a name, the schema itself where not. */
function refer(schema: z.ZodType): JsonSchema {
  const name = names.get(schema);
  return name === undefined ? schemaOf(schema, 'output') : { $ref: `#/components/schemas/${name}` };
}

function toObject({ body, answers, ...operation }: Operation): OperationObject {
  const parameters = [
    ...toParameters(operation.inPath, 'path'),
    ...toParameters(operation.query, 'query'),
    ...toParameters(operation.headers, 'header'),
  ];
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description !== undefined && { description: operation.description }),
    ...(operation.forOperators && { security: [{ operator: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: refer(body), example: operation.example } },
      },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, toResponse(answer)])),
      default: toResponse(unforeseen),
    },
  };
}

/** Whatever nobody foresaw is told as a problem document as well. */
const unforeseen = problem('Whatever else went wrong');

function toParameters(shape: Operation['inPath'], place: ParameterObject['in']): ParameterObject[] {
  return Object.entries(shape ?? {}).map(([name, field]) => {
    const { description: about, ...schema } = schemaOf(field, 'input');
    const required = place === 'path' || !field.safeParse(undefined).success;
    return { name, in: place, required, ...(about !== undefined && { description: about }), schema };
  });
}

function toResponse({
  description,
  content,
  orPage,
  events,
  headers = [],
  maybe = [],
}: Answer): ResponseObject {
  const all = [...headers, ...maybe].map((name) => {
    const { description, schema } = answerHeaders[name];
    return [name, { description, required: headers.includes(name), schema: schemaOf(schema, 'output') }];
  });
  return {
    description,
    ...(all.length > 0 && { headers: Object.fromEntries(all) }),
    ...(content && {
      content: {
        [content.type]: toMediaType(content.schema, events),
        ...(orPage && { 'text/html': { schema: { type: 'string' } } }),
      },
    }),
  };
}

function toMediaType(schema: z.ZodType, events: Answer['events']): MediaType {
  if (events === undefined) return { schema: refer(schema) };
  const data = Object.entries(events).map(([name, event]) => [name, refer(event)]);
  return { schema: refer(schema), 'x-events': Object.fromEntries(data) };
}
