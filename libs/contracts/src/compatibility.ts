import type { JsonSchema } from './json-schema.ts';

/** Something that one side may write and the other does not understand, at a place such as `.lines[].sku`. */
export type Misfit = { path: string } & (
  | { kind: 'missing' }
  | { kind: 'gone' }
  | { kind: 'type'; takes: string; gets: string }
  | { kind: 'value'; value: string }
  | { kind: 'limit'; keyword: string; takes: unknown; gets: unknown }
);

/** Who loses when a field is not there any more: a reader that looked for it, or a writer whose words are ignored. */
export type Loss = 'reader' | 'writer' | 'nobody';

const upper = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);
const lower = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
/** Keywords that say nothing about which values are valid. */
const annotations = new Set(['$schema', '$id', 'title', 'description', 'default', 'examples', 'deprecated']);
/** Keywords that are compared part by part. */
const parts = new Set(['type', 'const', 'properties', 'required', 'items', 'additionalProperties']);

/**
 * What a writer may write and a reader would refuse or lose, by their schemas alone. A keyword that is not known here
 * must be the same on both sides, so a change that cannot be judged is reported, never passed over.
 *
 * A field that is `deprecated` is on its way out: every writer still writes it, and no reader needs it any more. So
 * such a field may be optional in the schema without being missed, and may be taken away afterwards.
 */
export function misfits(reader: JsonSchema, writer: JsonSchema, loss: Loss, path = ''): Misfit[] {
  const takes = alternatives(reader);
  return alternatives(writer).flatMap((gets) => {
    const attempts = takes.map((one) => misfitsOfOne(one, gets, loss, path));
    const best = attempts.reduce((a, b) => (rank(b) < rank(a) ? b : a));
    const isOfType = best.some((misfit) => misfit.kind === 'type' && misfit.path === path);
    return isOfType ? [{ path, kind: 'type', takes: typesOf(takes), gets: typesOf([gets]) }] : best;
  });
}

/** The closest of several alternatives is the one to complain about. */
const rank = (found: Misfit[]): number =>
  found.reduce((sum, { kind }) => sum + (kind === 'type' ? 100 : 1), 0);

/** A schema as a list of simple ones: a value is valid when it is valid for one of them. */
function alternatives(schema: JsonSchema): JsonSchema[] {
  const { anyOf, oneOf, enum: values, type, ...rest } = schema;
  const several = anyOf ?? oneOf;
  if (several !== undefined) return several.flatMap((one) => alternatives({ ...rest, ...one }));
  if (values !== undefined) return values.map((value) => ({ ...rest, const: value }));
  if (Array.isArray(type)) return type.map((one) => ({ ...rest, type: one }));
  return [type === undefined || 'const' in rest ? rest : { ...rest, type }];
}

function misfitsOfOne(reader: JsonSchema, writer: JsonSchema, loss: Loss, path: string): Misfit[] {
  if (reader.const !== undefined) {
    if (reader.const === writer.const) return [];
    if (writer.const !== undefined) return [{ path, kind: 'value', value: JSON.stringify(writer.const) }];
  }
  const [takes, gets] = [typeOf(reader), typeOf(writer)];
  const fits = takes === 'anything' || takes === gets || (takes === 'number' && gets === 'integer');
  if (!fits || reader.const !== undefined) {
    return [{ path, kind: 'type', takes: typesOf([reader]), gets: typesOf([writer]) }];
  }
  return [
    ...misfitsOfLimits(reader, spanOf(writer), path),
    ...misfitsOfFields(reader, writer, loss, path),
    ...misfitsOfItems(reader, writer, loss, path),
  ];
}

function misfitsOfLimits(reader: JsonSchema, writer: JsonSchema, path: string): Misfit[] {
  return Object.keys(reader).flatMap((keyword): Misfit[] => {
    if (annotations.has(keyword) || parts.has(keyword)) return [];
    const [takes, gets] = [reader[keyword], writer[keyword]];
    const isWithin =
      (upper.has(keyword) && Number(gets) <= Number(takes)) ||
      (lower.has(keyword) && Number(gets) >= Number(takes)) ||
      JSON.stringify(takes) === JSON.stringify(gets);
    return isWithin ? [] : [{ path, kind: 'limit', keyword, takes, gets }];
  });
}

function misfitsOfFields(reader: JsonSchema, writer: JsonSchema, loss: Loss, path: string): Misfit[] {
  const known = fieldsOf(reader);
  const written = fieldsOf(writer);
  const isAlwaysWritten = (name: string) =>
    (writer.required?.includes(name) ?? false) || written[name]?.deprecated === true;

  const unheard = Object.entries(known).flatMap(([name, field]): Misfit[] => {
    const place = `${path}.${name}`;
    const other = written[name];
    if (other === undefined) {
      if (loss === 'reader') return field.deprecated ? [] : [{ path: place, kind: 'gone' }];
      return reader.required?.includes(name) ? [{ path: place, kind: 'missing' }] : [];
    }
    const isMissing = reader.required?.includes(name) && !isAlwaysWritten(name);
    return [
      ...(isMissing ? [{ path: place, kind: 'missing' } as const] : []),
      ...misfits(field, other, loss, place),
    ];
  });
  const ignored = Object.entries(written).flatMap(([name, field]): Misfit[] =>
    loss === 'writer' && known[name] === undefined && !field.deprecated
      ? [{ path: `${path}.${name}`, kind: 'gone' }]
      : [],
  );
  return [...unheard, ...ignored];
}

/** Items of a list, and the values of a record. */
function misfitsOfItems(reader: JsonSchema, writer: JsonSchema, loss: Loss, path: string): Misfit[] {
  const { items, additionalProperties: values } = reader;
  return [
    ...(items === undefined ? [] : misfits(partOf(items), partOf(writer.items), loss, `${path}[]`)),
    ...(values === undefined
      ? []
      : misfits(partOf(values), partOf(writer.additionalProperties), loss, `${path}.*`)),
  ];
}

/** A part that may be left out, or stand there as a mere yes. */
const partOf = (part: JsonSchema['items'] | boolean): JsonSchema =>
  typeof part === 'object' && !Array.isArray(part) ? part : {};

const fieldsOf = ({ properties = {} }: JsonSchema): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, partOf(field)]));

/** A single value has its limits in itself. */
function spanOf(schema: JsonSchema): JsonSchema {
  const { const: value } = schema;
  if (typeof value === 'string') return { ...schema, minLength: value.length, maxLength: value.length };
  if (typeof value === 'number') return { ...schema, minimum: value, maximum: value };
  return schema;
}

function typeOf({ type, const: value }: JsonSchema): string {
  if (value === null) return 'null';
  if (value !== undefined) return Number.isInteger(value) ? 'integer' : typeof value;
  return typeof type === 'string' ? type : 'anything';
}

const typesOf = (schemas: JsonSchema[]): string =>
  [
    ...new Set(
      schemas.map((schema) => (schema.const === undefined ? typeOf(schema) : JSON.stringify(schema.const))),
    ),
  ].join(' or ');
