import { type Case, type Group, request } from '../case.ts';
import type { Door } from '../doors.ts';

/** What somebody shows who is no operator. */
const shown = (token: string): (string | undefined)[] => [
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'Bearer wrong',
  `Basic ${Buffer.from(`operator:${token}`).toString('base64')}`,
  token,
  `Bearer ${token.slice(0, -1)}`,
  `Bearer ${token}x`,
  `Bearer ${token.toUpperCase()}`,
  `Bearer ${token}, Bearer ${token}`,
  `Bearer ${'x'.repeat(8_000)}`,
  'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcGVyYXRvciJ9.',
  'Bearer \u00ff\u00fe',
];

/** What the control room shows to everybody is no secret of the desk's. */
const open = 'GET /desk';

const guarded = ({ routes, isOperators }: Door): string[] =>
  isOperators
    ? routes.filter((route) => route !== open)
    : [...routes.filter((route) => route.includes(' /admin')), 'GET /admin', 'GET /admin/nothing'];

/** Every address of operators, without the right token: 401, whatever else is asked. */
export const tokens: Group = {
  id: 'tokens',
  title: 'operators’ addresses with no token, a wrong one or a malformed one',
  cases: ({ doors, info: { operatorToken } }) =>
    doors
      .filter(({ name }) => name !== 'acquirer' && name !== 'mailbox')
      .flatMap((door) =>
        guarded(door).flatMap((route) =>
          shown(operatorToken).map((authorization, n): Case => {
            const [method = '', path = ''] = route.replaceAll(/:\w+/g, '1').split(' ');
            const headers = authorization === undefined ? {} : { Authorization: authorization };
            const sent = request(
              door,
              method,
              path,
              method === 'GET' ? { headers } : { headers, body: '{}' },
            );
            return { door, name: `${route} with token no. ${n + 1}`, sent, expected: { statuses: [401] } };
          }),
        ),
      ),
};
