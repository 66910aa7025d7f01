import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** `input` is what a reader takes, `output` what a writer gives; only defaults make a difference between the two. */
export type Side = 'input' | 'output';

/** Formats whose pattern is a page long and says nothing that the format's name does not. */
const namedFormats = new Set(['date-time']);

/**
 * The JSON Schema of a contract, as other people's tools should read it. Unknown fields are ignored everywhere, so
 * nothing forbids them: a document that did would break its readers when a contract grows.
 */
export function schemaOf(schema: z.ZodType, side: Side): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: side, override: tidy });
  return rest;
}

/** The same for many at once; where one holds another it refers to it, under `place`. */
export function schemasOf(
  named: Record<string, z.ZodType>,
  side: Side,
  place = '#/components/schemas/',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: side, override: tidy, uri: (id) => `${place}${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, ...rest }]) => [name, rest]),
  );
}

function tidy({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (namedFormats.has(jsonSchema.format ?? '')) delete jsonSchema.pattern;
  if (jsonSchema['contentEncoding'] === 'base64') delete jsonSchema.pattern;
}
