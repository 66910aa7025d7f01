import { type Case, type Group, request } from '../case.ts';
import type { Door } from '../doors.ts';
import { hostileBodies, refusalOf } from '../payloads.ts';

const key = { 'Idempotency-Key': 'hostile' };

/** The supervisor and the desk say 400 to a body that is JSON and of no use, or 422. */
const statusesFor = ({ isOperators }: Door, refusal: number): number[] =>
  isOperators ? [refusal, 400, 422] : [refusal];

/** Generated bodies, against every route that takes one: the contract tells which refusal each has to get. */
export const bodies: Group = {
  id: 'bodies',
  title:
    'malformed, oversized, deeply nested and mistyped bodies, with injections, U+0000 and polluted prototypes in every field',
  cases: ({ doors, seed, bodiesPerRoute }) =>
    doors.flatMap((door) =>
      door.bodies.flatMap(({ method, path, schema, good }, n) =>
        hostileBodies(good, bodiesPerRoute, seed * 1_000 + n).flatMap((body): Case[] => {
          const refusal = refusalOf(body, schema);
          if (refusal === undefined) return [];
          const headers = { ...key, Authorization: door.operator };
          const shown = body.length > 60 ? `${body.slice(0, 60)}… (${body.length})` : body;
          return [
            {
              door,
              name: `${method} ${path} ${JSON.stringify(shown)}`,
              sent: request(door, method, path, { headers, body }),
              expected: { statuses: statusesFor(door, refusal) },
            },
          ];
        }),
      ),
    ),
};

const types: [type: string, status: number][] = [
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['multipart/form-data; boundary=x', 415],
  ['text/json', 415],
  ['application/jsonp', 415],
  ['application/json; charset=martian', 415],
  ['application/json; charset=utf-7', 415],
  ['application/json, application/json', 415],
  ['', 415],
  ['x'.repeat(5_000), 415],
];
const codings: [coding: string, body: Buffer | string][] = [
  ['gzip', 'this is no gzip'],
  ['deflate', '{}'],
  ['br', '\u0000\u0001'],
  ['compress', '{}'],
  ['gzip, gzip, gzip', '{}'],
];

/** What a body says it is. */
export const media: Group = {
  id: 'media',
  title: 'other media types, charsets and content codings',
  cases: ({ doors }) =>
    doors
      .filter(({ isOperators }) => !isOperators)
      .flatMap((door) =>
        door.bodies.flatMap(({ method, path, good }) => {
          const headers = { ...key, Authorization: door.operator };
          return [
            ...types.map(([type, status]): Case => {
              const sent = request(door, method, path, {
                headers: { ...headers, 'Content-Type': type },
                body: '{',
              });
              return {
                door,
                name: `${method} ${path} as ${type.slice(0, 40)}`,
                sent,
                expected: { statuses: [status] },
              };
            }),
            ...codings.map(([coding, body]): Case => {
              const sent = request(door, method, path, {
                headers: { ...headers, 'Content-Encoding': coding },
                body,
              });
              return {
                door,
                name: `${method} ${path} in ${coding}`,
                sent,
                expected: { statuses: [400, 415, 422] },
              };
            }),
            {
              door,
              name: `${method} ${path} with another length than it says`,
              sent: request(door, method, path, {
                headers: { ...headers, 'Content-Length': '7' },
                body: JSON.stringify(good),
              }),
              // What follows breaks the connection, perhaps before the answer is there.
              expected: { statuses: [400], answers: 2, orCutOff: true },
            },
          ];
        }),
      ),
};
