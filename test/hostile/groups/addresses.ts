import { type Case, type Group, request } from '../case.ts';
import type { Door } from '../doors.ts';
import { wicked } from '../payloads.ts';

/** What stands in the place of an id; as it is sent, so nothing is escaped by itself. */
const ids: readonly string[] = [
  ...wicked.map(encodeURIComponent),
  '%00',
  'a%00b',
  '%',
  '%zz',
  '%c0%ae%c0%ae',
  '%ff%fe',
  '%ed%a0%80',
  '..',
  '%2e%2e',
  '%2e%2e%2f%2e%2e%2fadmin',
  '..%5c..%5cetc',
  '....//',
  ';jsessionid=1',
  'x'.repeat(2_000),
  '-1',
  '1e9',
  '9007199254740993',
  '99999999999999999999999999',
  '00000000-0000-0000-0000-000000000000',
  '01900000-0000-7000-8000-000000000000',
];

/** Addresses that lead nowhere, or somewhere else than they seem to. */
const places: readonly string[] = [
  '/nothing',
  '//',
  '//admin/whoami',
  '/./admin/./whoami',
  '/orders/../admin/whoami',
  '/%61dmin/whoami',
  '/ADMIN/whoami',
  '/admin%2fwhoami',
  '/admin;/whoami',
  '/admin/order/../../load',
  '/assets/../../package.json',
  '/assets/%2e%2e%2findex.html',
  '/assets/..%2f..%2f..%2fpackage.json',
  '/.git/config',
  '/.env',
  '/__proto__',
  '/constructor/prototype',
  '/?__proto__[polluted]=1',
  '/orders?__proto__.polluted=1',
  `/${'a/'.repeat(2_000)}`,
  '/%u0041',
  '*',
  '?',
  '/\\..\\..\\windows',
  '/orders#fragment',
];

const queries: readonly string[] = [
  'limit=0',
  'limit=-1',
  'limit=1e3',
  'limit=NaN',
  'limit=999999999999999999999',
  'limit=1&limit=2',
  'limit[]=1',
  'limit[$gt]=1',
  'after=%00',
  'after=-1',
  'after[]=x',
  'q=%00',
  'q=%ff',
  `q=${'x'.repeat(2_000)}`,
  'type=%00',
  'type=%ed%a0%80',
  'reason=%00',
  'order=%00',
  'open=perhaps',
  '__proto__=1',
  '__proto__[limit]=1',
  'constructor[prototype][limit]=1',
  'hasOwnProperty=1',
  '&&&===&',
  '%',
  ...wicked.flatMap((text) =>
    ['q', 'after', 'type', 'reason', 'order'].map((name) => `${name}=${encodeURIComponent(text)}`),
  ),
  Array.from({ length: 900 }, (_, n) => `k${n}=1`).join('&'),
];

const get = (door: Door, path: string, statuses: number[], method = 'GET'): Case => ({
  door,
  name: `${method} ${path.length > 100 ? `${path.slice(0, 100)}… (${path.length})` : path}`,
  method,
  sent: request(door, method, path, { headers: { Authorization: door.operator } }),
  expected: { statuses },
});

/** The paths of the routes that only look, with their gaps. */
const looking = ({ routes }: Door): string[] =>
  routes.filter((route) => route.startsWith('GET ')).map((route) => route.slice('GET '.length));

/** Ids, paths and queries. Whoever only looks may also find something. */
export const addresses: Group = {
  id: 'addresses',
  title: 'path tricks, and wicked ids and queries, against every route that only looks',
  cases: ({ doors }) =>
    doors.flatMap((door) => [
      ...places.map((place) => get(door, place, [200, 204, 400, 401, 403, 404, 405, 414, 421])),
      ...looking(door)
        .filter((path) => path.includes(':'))
        .flatMap((path) =>
          ids.map((id) =>
            get(
              door,
              path.replaceAll(/:\w+/g, () => id),
              [200, 400, 404, 405, 414],
            ),
          ),
        ),
      ...looking(door)
        .filter((path) => /products$|dead-letters$|messages$/.test(path) && !path.includes(':'))
        .flatMap((path) => queries.map((query) => get(door, `${path}?${query}`, [200, 400]))),
    ]),
};

const methods = ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'QUERY'];

/** Methods that a route does not have; an answer to `HEAD` is that to `GET`. */
export const otherMethods: Group = {
  id: 'methods',
  title: 'methods that a route does not have',
  cases: ({ doors }) =>
    doors.flatMap((door) => {
      const paths = new Set(door.routes.map((route) => route.slice(route.indexOf(' ') + 1)));
      return [...paths].flatMap((path) =>
        methods
          .filter((method) => !door.routes.includes(`${method} ${path}`))
          .map((method) => get(door, path.replaceAll(/:\w+/g, '1'), [400, 404, 405], method)),
      );
    }),
};
