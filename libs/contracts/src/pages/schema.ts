import type { JsonSchema } from '../json-schema.ts';
import { code, prose, table } from './html.ts';

/** The place of a named schema on the page. */
export const schemaId = (name: string): string => `schema-${name}`;

const nameIn = (ref: string): string => ref.split('/').at(-1) ?? ref;

/** What a value is, in a few words: `list of Line`, `string (uuid)`, `"open" or "confirmed"`. */
export function typeOf(schema: JsonSchema): string {
  const { $ref, const: only, enum: values, type, items, format } = schema;
  if ($ref !== undefined) return `<a href="#${schemaId(nameIn($ref))}">${nameIn($ref)}</a>`;
  if (only !== undefined) return code(JSON.stringify(only));
  if (values !== undefined) return values.map((value) => code(JSON.stringify(value))).join(' or ');
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return several.map(typeOf).join(' or ');
  if (type === 'array') return `list of ${typeOf(partOf(items))}`;
  if (type === undefined) return 'anything';
  const name = [type].flat().join(' or ');
  return format === undefined ? name : `${name} (${format})`;
}

/** A schema as a table of its fields, or in a sentence where it has none. */
export function describeSchema(schema: JsonSchema): string {
  const { description, oneOf } = schema;
  const lead = description === undefined ? '' : `<p>${prose(description)}.</p>\n`;
  if (oneOf !== undefined) return `${lead}<p>One of:</p>\n${oneOf.map(describeSchema).join('\n')}`;
  const fields = fieldsOf(schema, '');
  if (fields.length === 0) return `${lead}<p>${typeOf(schema)}${limitsOf(schema)}</p>`;
  return lead + table(['field', 'type', '', 'what it is'], fields);
}

/** A row for each field, and for the fields of the objects in it. */
function fieldsOf({ properties = {}, required = [] }: JsonSchema, path: string): string[][] {
  return Object.entries(properties).flatMap(([name, part]) => {
    const field = partOf(part);
    const place = `${path}${name}`;
    const about = field.description === undefined ? '' : prose(field.description);
    const row = [
      code(place),
      typeOf(field) + limitsOf(field),
      required.includes(name) ? '' : 'optional',
      about,
    ];
    const inner = field.type === 'array' ? partOf(field.items) : field;
    return [row, ...fieldsOf(inner, field.type === 'array' ? `${place}[].` : `${place}.`)];
  });
}

/** The limits of a value, as `, 1 to 64 characters`. */
export function limitsOf(schema: JsonSchema): string {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems, default: otherwise, pattern } = schema;
  const limits = [
    span(minLength, maxLength, ' characters'),
    span(minimum, maximum, ''),
    span(minItems, maxItems, ' items'),
    pattern === undefined || schema.format !== undefined ? '' : code(pattern),
    otherwise === undefined ? '' : `${code(JSON.stringify(otherwise))} if left out`,
  ];
  return limits
    .filter((limit) => limit !== '')
    .map((limit) => `, ${limit}`)
    .join('');
}

function span(from: number | undefined, to: number | undefined, unit: string): string {
  const said = (n: number) => n.toLocaleString('en-GB');
  if (from !== undefined && to !== undefined) return `${said(from)} to ${said(to)}${unit}`;
  if (from !== undefined) return `at least ${said(from)}${unit}`;
  return to === undefined ? '' : `at most ${said(to)}${unit}`;
}

const partOf = (part: JsonSchema['items'] | boolean): JsonSchema =>
  typeof part === 'object' && !Array.isArray(part) ? part : {};

/** Every named schema under its name. */
export const describeSchemas = (schemas: Record<string, JsonSchema>): string =>
  Object.entries(schemas)
    .map(
      ([name, schema]) =>
        `<section id="${schemaId(name)}">\n<h3>${name}</h3>\n${describeSchema(schema)}\n</section>`,
    )
    .join('\n');
