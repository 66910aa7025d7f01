import type { Case, Expected, Group } from '../case.ts';
import type { Door } from '../doors.ts';
import type { Sent } from '../exchange.ts';

type Attack = [name: string, expected: Expected, text: (host: string) => string];

const refused: Expected = { statuses: [400], answers: 2 };
/** The route may have said no before the body broke. */
const brokenBody: Expected = { statuses: [400, 404], answers: 2 };
const tooLong: Expected = { statuses: [431], answers: 2 };
const cutOff: Expected = { statuses: [400, 404, 405, 408, 417, 501], orCutOff: true };
const fine: Expected = { statuses: [200] };

const get = (host: string, more = '') => `GET /health/live HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;
const post = (host: string, more: string, body = '') =>
  `POST /orders HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n${more}\r\n${body}`;
const smuggled = 'GET /admin/whoami HTTP/1.1\r\nHost: x\r\n\r\n';
const chunked = 'Transfer-Encoding: chunked\r\n';

/** One request for the first that reads it, two for the next: RFC 9112, section 11.2. */
const smuggling: Attack[] = [
  ['CL.TE', refused, (host) => post(host, `Content-Length: 6\r\n${chunked}`, `0\r\n\r\n${smuggled}`)],
  ['TE.CL', refused, (host) => post(host, `${chunked}Content-Length: 4\r\n`, `5c\r\n${smuggled}0\r\n\r\n`)],
  [
    'two lengths that differ',
    refused,
    (host) => post(host, 'Content-Length: 0\r\nContent-Length: 44\r\n', smuggled),
  ],
  [
    'two lengths that are the same',
    refused,
    (host) => post(host, 'Content-Length: 2\r\nContent-Length: 2\r\n', '{}'),
  ],
  ['a list of lengths', refused, (host) => post(host, 'Content-Length: 2, 2\r\n', '{}')],
  ['a length with a sign', refused, (host) => post(host, 'Content-Length: +2\r\n', '{}')],
  ['a negative length', refused, (host) => post(host, 'Content-Length: -1\r\n', '{}')],
  ['a hexadecimal length', refused, (host) => post(host, 'Content-Length: 0x2\r\n', '{}')],
  [
    'a length beyond all numbers',
    refused,
    (host) => post(host, `Content-Length: ${'9'.repeat(30)}\r\n`, '{}'),
  ],
  [
    'TE with a blank before the colon',
    refused,
    (host) => post(host, 'Transfer-Encoding : chunked\r\n', `0\r\n\r\n${smuggled}`),
  ],
  [
    'TE behind a tab',
    refused,
    (host) => post(host, 'X: x\r\n\tTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`),
  ],
  [
    'TE with a vertical tab',
    refused,
    (host) => post(host, 'Transfer-Encoding: \u000bchunked\r\n', `0\r\n\r\n${smuggled}`),
  ],
  [
    'TE that is nearly chunked',
    refused,
    (host) => post(host, 'Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${smuggled}`),
  ],
  [
    'TE twice',
    refused,
    (host) => post(host, `${chunked}Transfer-Encoding: identity\r\n`, `0\r\n\r\n${smuggled}`),
  ],
  ['gzip before chunked', refused, (host) => post(host, 'Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n')],
  ['chunked before gzip', refused, (host) => post(host, 'Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n')],
  ['chunks of HTTP/1.0', refused, (host) => post(host, chunked, '0\r\n\r\n').replace('1.1', '1.0')],
  ['a chunk that is no number', brokenBody, (host) => post(host, chunked, 'zz\r\n{}\r\n0\r\n\r\n')],
  ['a chunk with a sign', brokenBody, (host) => post(host, chunked, '+2\r\n{}\r\n0\r\n\r\n')],
  ['a chunk as 0x2', brokenBody, (host) => post(host, chunked, '0x2\r\n{}\r\n0\r\n\r\n')],
  ['a chunk larger than 2⁶⁴', brokenBody, (host) => post(host, chunked, 'ffffffffffffffff1\r\n{}')],
  ['a chunk that ends too late', brokenBody, (host) => post(host, chunked, '1\r\n{}\r\n0\r\n\r\n')],
  ['a chunk ended by LF', brokenBody, (host) => post(host, chunked, '2\n{}\r\n0\r\n\r\n')],
  [
    '16 KB of chunk extensions',
    { statuses: [400, 404, 413], answers: 2 },
    (host) => post(host, chunked, `2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`),
  ],
  [
    'trailers of 32 KB',
    { statuses: [400, 404, 431], answers: 2, orCutOff: true },
    (host) => post(host, chunked, `0\r\nX: ${'x'.repeat(32_000)}\r\n\r\n`),
  ],
];

const heads: Attack[] = [
  ['a header of 32 KB', tooLong, (host) => get(host, `X: ${'x'.repeat(32_000)}\r\n`)],
  ['a name of 32 KB', tooLong, (host) => get(host, `${'x'.repeat(32_000)}: x\r\n`)],
  [
    '1,000 headers',
    tooLong,
    (host) => get(host, Array.from({ length: 1_000 }, (_, n) => `X-${n}: x\r\n`).join('')),
  ],
  ['1,000 times the same header', tooLong, (host) => get(host, 'Cookie: a=b\r\n'.repeat(1_000))],
  [
    'an address of 10 kB',
    { statuses: [414], answers: 2 },
    (host) => get(host).replace('/health/live', `/${'x'.repeat(10_000)}`),
  ],
  ['an address of 32 KB', tooLong, (host) => get(host).replace('/health/live', `/${'x'.repeat(32_000)}`)],
  ['bare LF', refused, (host) => get(host).replaceAll('\r\n', '\n')],
  ['bare CR', refused, (host) => get(host).replaceAll('\r\n', '\r')],
  ['LF CR', refused, (host) => get(host).replaceAll('\r\n', '\n\r')],
  ['a folded header', refused, (host) => get(host, 'X: x\r\n  y\r\n')],
  ['U+0000 in a header', refused, (host) => get(host, 'X: a\0b\r\n')],
  ['U+0000 in the address', refused, (host) => get(host).replace('/live', '/li\0ve')],
  ['ESC in a header', refused, (host) => get(host, 'X: \u001b[2J\r\n')],
  ['a header without a name', refused, (host) => get(host, ': x\r\n')],
  ['a header without a colon', refused, (host) => get(host, 'X\r\n')],
  ['bytes beyond ASCII in a name', refused, (host) => get(host, 'X\u00e9: x\r\n')],
  ['no HTTP at all', refused, () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001'],
  ['an SSH client', refused, () => 'SSH-2.0-OpenSSH_9.9\r\n'],
  ['HTTP/2 at once', refused, () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['HTTP/9.9', refused, (host) => get(host).replace('1.1', '9.9')],
  ['HTTP/2.0 in the words of HTTP/1.1', refused, (host) => get(host).replace('1.1', '2.0')],
  ['HTTP/0.9', refused, () => 'GET /health/live\r\n\r\n'],
  ['a method that nobody has', refused, (host) => get(host).replace('GET', 'STEAL')],
  ['a method of 10 kB', refused, (host) => get(host).replace('GET', 'G'.repeat(10_000))],
  ['a method in small letters', refused, (host) => get(host).replace('GET', 'get')],
  ['CONNECT', cutOff, () => 'CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254:80\r\n\r\n'],
  ['an expectation that nobody has', { statuses: [417] }, (host) => get(host, 'Expect: the-unexpected\r\n')],
];

const hosts: Attack[] = [
  ['no Host', refused, () => 'GET /health/live HTTP/1.1\r\n\r\n'],
  ['an empty Host', refused, () => get('')],
  ['two Hosts', refused, (host) => get(host, `Host: ${host}\r\n`)],
  ['two Hosts that differ', refused, (host) => get(host, 'Host: evil.example\r\n')],
  ['a Host with a user', refused, () => get('shop@evil.example')],
  ['a Host with a path', refused, () => get('evil.example/x')],
  ['a Host with a blank', refused, () => get('a b')],
  ['a Host with markup', refused, () => get('<script>alert(1)</script>')],
];

/** Odd, but HTTP: it is answered as if it were not. */
const odd: Attack[] = [
  ['HTTP/1.0 without a Host', fine, () => 'GET /health/live HTTP/1.0\r\n\r\n'],
  ['the absolute form', fine, (host) => get(host).replace('/health', `http://${host}/health`)],
  [
    'an offer of h2c',
    fine,
    (host) =>
      get(host, 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'),
  ],
  [
    'an offer of a WebSocket',
    fine,
    (host) => get(host, 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n'),
  ],
  [
    'a trace that is none',
    fine,
    (host) => get(host, 'traceparent: 00-zz-zz-zz\r\ntracestate: ,,,=,\r\nbaggage: =;=;\r\n'),
  ],
  [
    'headers that mean something to proxies',
    fine,
    (host) =>
      get(
        host,
        'X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: evil.example\r\nForwarded: for=127.0.0.1\r\nX-Original-URL: /admin\r\nX-HTTP-Method-Override: DELETE\r\n',
      ),
  ],
  ['empty lines before it', fine, (host) => `\r\n\r\n${get(host)}`],
  ['ten in a row', { statuses: [200], answers: 10 }, (host) => get(host).repeat(10)],
  ['2,000 in a row', { statuses: [200], answers: 2_000 }, (host) => get(host).repeat(2_000)],
];

/** At the doors of operators everything is refused that shows no token, and a stranger's name too. */
const expectedAt = ({ isOperators }: Door, expected: Expected): Expected =>
  isOperators ? { ...expected, statuses: [...expected.statuses, 401, 421] } : expected;

const asCase =
  (door: Door) =>
  ([name, expected, text]: Attack): Case => {
    const { host, port } = door.address;
    return { door, name, sent: { pieces: [text(`${host}:${port}`)] }, expected: expectedAt(door, expected) };
  };

/** Whether everybody who reads it sees the same requests in it. */
export const wire: Group = {
  id: 'wire',
  title: 'request smuggling, header bombs, wrong hosts, other versions, pipelining',
  cases: ({ doors }) =>
    doors.flatMap((door) => {
      const own = door.isOperators ? [] : [...smuggling, ...odd];
      return [...own, ...heads, ...hosts].map(asCase(door));
    }),
};

const nothing: Expected = { statuses: [], orCutOff: true };

/** Clients that leave in the middle. */
export const unfinished: Group = {
  id: 'unfinished',
  title: 'clients that leave in the middle of a request',
  cases: ({ doors }) =>
    doors.flatMap((door) => {
      const host = `${door.address.host}:${door.address.port}`;
      const texts: [string, string][] = [
        ['nothing', ''],
        ['half a method', 'PO'],
        ['half a head', get(host).slice(0, 30)],
        ['a head without its end', get(host).slice(0, -2)],
        ['half a body', post(host, 'Content-Length: 100\r\nIdempotency-Key: left\r\n', '{"customer":')],
        ['half a chunk', post(host, `${chunked}Idempotency-Key: left\r\n`, '20\r\n{"customer":')],
        ['no last chunk', post(host, `${chunked}Idempotency-Key: left\r\n`, '2\r\n{}\r\n')],
      ];
      return texts.flatMap(([name, text]): Case[] =>
        Array.from({ length: 3 }, (_, n) => {
          const sent: Sent = { pieces: [text], leaves: true };
          return { door, name: `${name}, no. ${n + 1}`, sent, expected: nothing };
        }),
      );
    }),
};

/** A piece at a time, as slow as it pleases. */
const slowly = (head: string, pieces: number, pauseMs: number): Sent => ({
  pieces: [
    head,
    ...Array.from({ length: pieces }, (_, n) => (head.endsWith('\r\n\r\n') ? ' ' : `X-${n}: x\r\n`)),
  ],
  pauseMs,
});

/** Clients who take all the time of the world: each has to be told, and cut off. */
export const slow = (sockets: number, withBodies: boolean): Group => ({
  id: 'slow',
  title: `${sockets} slow clients, a byte every few seconds, in the head${withBodies ? ' and in the body' : ''}`,
  atOnce: 2 * sockets,
  limitMs: withBodies ? 40_000 : 20_000,
  cases: ({ doors }) =>
    doors
      .filter(({ name }) => name === 'gateway')
      .flatMap((door) => {
        const host = `${door.address.host}:${door.address.port}`;
        const cases = (name: string, sent: Sent) =>
          Array.from({ length: sockets }, (_, n): Case => {
            return {
              door,
              name: `${name}, no. ${n + 1}`,
              sent,
              expected: { statuses: [408], orCutOff: true },
            };
          });
        const body = post(host, 'Content-Length: 100\r\nIdempotency-Key: slow\r\n');
        return [
          ...cases('a slow head', slowly(get(host).slice(0, -2), 30, 3_000)),
          ...(withBodies ? cases('a slow body', slowly(body, 30, 3_000)) : []),
        ];
      }),
});
