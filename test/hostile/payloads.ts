import fc from 'fast-check';
import type { z } from 'zod';

/** Text that means something to somebody behind the door: databases, shells, browsers, terminals, logs, mail servers. */
export const wicked: readonly string[] = [
  "'; drop table orders; --",
  "' or '1'='1",
  '1); select pg_sleep(10); --',
  '$1',
  "\\'; delete from stock; --",
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '#{7*7}{{7*7}}<%= 7*7 %>',
  '$(touch /tmp/hostile) `id` | cat /etc/passwd',
  '../../../../etc/passwd',
  '\r\nSet-Cookie: a=b\r\n\r\n<html>',
  '\r\n{"level":"fatal","msg":"forged"}',
  '\u001b[2J\u001b[31mred\u0007',
  'a@example.com\r\nBcc: everybody@example.com',
  '%s%n%d%x',
  '\u202ereversed\u202c',
  '\u{1F4A9}\u0301\u0301\u0301',
  'İ\u00AD\u200B\uFEFFß',
  'constructor',
  '__proto__',
  'toString',
  'null',
  'undefined',
  'NaN',
  '=cmd|calc!A1',
];

/** Text that PostgreSQL cannot store. */
const unstorable = ['a\u0000b', '\u0000', '\ud800', 'x\udfff'];

/** What is put in the place of a value that makes sense. */
const values: readonly unknown[] = [
  ...wicked,
  ...unstorable,
  '',
  ' ',
  'x'.repeat(10_000),
  `${'a'.repeat(50_000)}@`,
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  -1,
  -0,
  0.1,
  1e21,
  2 ** 53,
  -(2 ** 63),
  Number.MAX_VALUE,
  { toString: 'x' },
  { $ne: null },
  { length: 10 },
  { type: 'Buffer', data: [1] },
];

/** Pieces of JSON that no object of JavaScript can be made to print. */
const rawValues: readonly string[] = [
  '1e999',
  '-1e999',
  '0x10',
  'NaN',
  'Infinity',
  '1_000',
  '"\\ud800"',
  '"\\u0000"',
  `${'9'.repeat(400)}`,
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  'undefined',
  "'single'",
  '/* c */ 1',
  '"unended',
];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = (string | number)[];

/** The places in a value, its own first. */
function pathsIn(value: Json, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  const inside = Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...path, key]));
  return [path, ...inside];
}

/** The text of a value with other text in the place of what is at this path. */
function printWith(value: Json, path: Path, text: string): string {
  const [first, ...rest] = path;
  if (first === undefined) return text;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const print = (key: string, child: Json) =>
    key === String(first) ? printWith(child, rest, text) : JSON.stringify(child);
  const entries = Object.entries(value).map(([key, child]): [string, string] => [key, print(key, child)]);
  return Array.isArray(value)
    ? `[${entries.map(([, child]) => child).join(',')}]`
    : `{${entries.map(([key, child]) => `${JSON.stringify(key)}:${child}`).join(',')}}`;
}

/** Bodies made of one that makes sense, as whoever looks for a hole would make them; many are no JSON any more. */
export function hostileBodies(good: unknown, count: number, seed: number): string[] {
  const whole = good as Json;
  const text = JSON.stringify(good);
  const path = fc.constantFrom(...pathsIn(whole));
  const replaced = fc
    .tuple(
      path,
      fc.oneof(
        fc.constantFrom(...values).map((value) => JSON.stringify(value)),
        fc.constantFrom(...rawValues),
      ),
    )
    .map(([at, value]) => printWith(whole, at, value));
  const twice = fc.constantFrom(...values).map((value) => {
    const [key] = Object.keys(Object(good));
    return `${text.slice(0, -1)}${key === undefined ? '' : `,${JSON.stringify(key)}:${JSON.stringify(value)}`}}`;
  });
  const torn = fc.nat({ max: text.length - 1 }).map((length) => text.slice(0, length));
  const spoiled = fc
    .tuple(fc.nat({ max: text.length - 1 }), fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }))
    .map(([at, put]) => text.slice(0, at) + put + text.slice(at + put.length));
  const anything = fc.json({ maxDepth: 4 });
  const many = fc
    .nat({ max: 3_000 })
    .map((n) => `{${Array.from({ length: n }, (_, i) => `"k${i}":${i}`).join(',')}}`);
  const large = fc.constantFrom(262_144, 262_145, 400_000).map((bytes) => `{"x":"${'x'.repeat(bytes - 8)}"}`);
  const any = fc.oneof(
    { weight: 6, arbitrary: replaced },
    { weight: 2, arbitrary: spoiled },
    { weight: 1, arbitrary: twice },
    { weight: 1, arbitrary: torn },
    { weight: 2, arbitrary: anything },
    { weight: 1, arbitrary: many },
  );
  return [
    ...new Set([...fc.sample(large, { numRuns: 1, seed }), ...fc.sample(any, { numRuns: count, seed })]),
  ];
}

const bodyBytesMax = 262_144;

/** What JSON of HTTP bodies begins with here: an object or an array. */
const isContainer = /^[ \t\n\r]*[[{]/;

/**
 * Which refusal a body has to get from whoever takes this schema: the contract itself tells. Undefined where it makes sense
 * after all.
 */
export function refusalOf(body: string, schema: z.ZodType): 400 | 413 | 422 | undefined {
  if (Buffer.byteLength(body) > bodyBytesMax) return 413;
  // Express reads no body as one without fields.
  if (body === '') return schema.safeParse({}).success ? undefined : 422;
  if (!isContainer.test(body)) return 400;
  try {
    return schema.safeParse(JSON.parse(Buffer.from(body).toString('utf8'))).success ? undefined : 422;
  } catch {
    return 400;
  }
}
