import { z } from 'zod';
import type { JsonSchema } from '../src/json-schema.ts';

/**
 * Reads a schema out of a document again, with the schemas that it refers to. Stricter than the document: what it
 * does not name is wrong here, so that nothing can be sent that nobody wrote down.
 */
export function validatorOf(
  schema: JsonSchema,
  named: Record<string, JsonSchema>,
): (value: unknown) => string[] {
  const text = JSON.stringify({ ...schema, $defs: named }).replaceAll('#/components/schemas/', '#/$defs/');
  const strict = JSON.parse(text, (_key, part) =>
    part?.type === 'object' && part.properties !== undefined && part.additionalProperties === undefined
      ? { ...part, additionalProperties: false }
      : part,
  );
  const parser = z.fromJSONSchema(strict);
  return (value) =>
    parser.safeParse(value).error?.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`) ?? [];
}
