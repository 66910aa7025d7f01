import type { z } from 'zod';
import { MessageHeaders } from './envelope.ts';
import { type JsonSchema, type Side, schemaOf } from './json-schema.ts';
import { operations } from './operations/index.ts';
import { type Answer, answerHeaders, type Operation, ProblemDocument } from './operations/operation.ts';
import { messageSchemas, messageTypes, topicOf } from './registry.ts';
import { CONTRACTS_VERSION } from './version.ts';

/**
 * Everything that a version of the contracts promised, without the words. Requests and answers are objects of their
 * parts, so that a header is compared in the same way as a field.
 */
export interface Release {
  version: string;
  /** The headers of every message. */
  headers: JsonSchema;
  messages: Record<string, ReleasedMessage>;
  http: Record<string, { request: JsonSchema; answers: Record<string, JsonSchema> }>;
  problem: JsonSchema;
}

export interface ReleasedMessage {
  topic: string;
  /** What a consumer takes. */
  read: JsonSchema;
  /** What a producer sends, where that is something else. */
  written?: JsonSchema;
}

/** What the contracts promise as they stand. */
export function currentRelease(): Release {
  return {
    version: CONTRACTS_VERSION,
    headers: bare(MessageHeaders, 'output'),
    messages: Object.fromEntries(
      messageTypes.map((type) => [type, toMessage(topicOf(type).name, messageSchemas[type])]),
    ),
    http: Object.fromEntries(operations.map((operation) => [nameOf(operation), toPromise(operation)])),
    problem: bare(ProblemDocument, 'output'),
  };
}

/** What a message's contract promises to those who read it and to those who send it. */
export function toMessage(topic: string, schema: z.ZodType): ReleasedMessage {
  const read = bare(schema, 'input');
  const written = bare(schema, 'output');
  return { topic, read, ...(JSON.stringify(read) !== JSON.stringify(written) && { written }) };
}

const nameOf = ({ method, path }: Operation): string => `${method.toUpperCase()} ${path}`;

function toPromise({ inPath, query, headers, body, answers }: Operation): Release['http'][string] {
  const request = objectOf({
    ...(inPath && { path: fieldsOf(inPath) }),
    ...(query && { query: fieldsOf(query) }),
    ...(headers && { header: fieldsOf(headers) }),
    ...(body && { body: bare(body, 'input') }),
  });
  // A client that is told no must stand any status; it reads the problem document.
  const good = Object.entries(answers).filter(([status]) => Number(status) < 400);
  return { request, answers: Object.fromEntries(good.map(([status, answer]) => [status, toObject(answer)])) };
}

function toObject({ content, events, headers = [], maybe = [] }: Answer): JsonSchema {
  const fields = [...headers, ...maybe].map((name) => [name, bare(answerHeaders[name].schema, 'output')]);
  const data = Object.entries(events ?? {}).map(([name, schema]) => [name, bare(schema, 'output')]);
  return objectOf({
    ...(fields.length > 0 && { header: objectOf(Object.fromEntries(fields), headers) }),
    ...(content && { type: { const: content.type }, body: bare(content.schema, 'output') }),
    ...(data.length > 0 && { events: objectOf(Object.fromEntries(data)) }),
  });
}

const objectOf = (
  properties: Record<string, JsonSchema>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema => ({ type: 'object', properties, required: [...required] });

const fieldsOf = (shape: Record<string, z.ZodType>): JsonSchema =>
  objectOf(
    Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, bare(schema, 'input')])),
    Object.keys(shape).filter((name) => !shape[name]?.safeParse(undefined).success),
  );

/** Words may be changed at any time, so a release does not keep them. */
const bare = (schema: z.ZodType, side: Side): JsonSchema =>
  JSON.parse(JSON.stringify(schemaOf(schema, side)), (key, value) =>
    key === 'description' && typeof value === 'string' ? undefined : value,
  );
