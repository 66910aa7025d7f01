/**
 * `npm run sagas -- list|retry|resolve`: what an operator does about orders that wait because their compensation
 * failed for good, in any shop that is up.
 */
import { userInfo } from 'node:os';
import { type Operator, ParkedEffect } from '@doorbuster/contracts';
import { z } from 'zod';
import { runProgram } from '../launcher.ts';
import { type OperatorDoor, openOperatorDoor } from '../operator-door.ts';
import { readArguments } from '../read-arguments.ts';
import { SetupError } from '../setup-error.ts';

const options = {
  info: { type: 'string' },
  by: { type: 'string', default: userInfo().username },
  why: { type: 'string' },
  'refunded-cents': { type: 'string' },
} as const;

const usage =
  'use it as: npm run sagas -- list | retry ORDER_ID | resolve ORDER_ID; the options are --info, --by, --why and ' +
  '--refunded-cents';

await runProgram(async () => {
  const args = { args: process.argv.slice(2), options, allowPositionals: true };
  const { values, positionals } = readArguments(args, usage);
  const [action, orderId] = positionals;
  const cents = values['refunded-cents'];
  const signed = { by: values.by, why: values.why ?? '' };
  if (action !== 'list' && (orderId === undefined || signed.why === '')) throw new SetupError(`${usage}.`);
  if (action === 'resolve' && !/^\d{1,15}$/.test(cents ?? ''))
    throw new SetupError(`--refunded-cents is a whole number of pence; ${usage}.`);
  const door = await openOperatorDoor(values.info);
  console.log(await carryOut(door, action, orderId ?? '', signed, Number(cents)));
});

async function carryOut(
  door: OperatorDoor,
  action: string | undefined,
  orderId: string,
  signed: Operator,
  refundedCents: number,
): Promise<string> {
  const path = `/admin/sagas/${encodeURIComponent(orderId)}`;
  switch (action) {
    case 'list':
      return list(door);
    case 'retry':
      await door.post(`${path}/retry`, signed, z.unknown());
      return `order ${orderId}: the refund is asked for again`;
    case 'resolve':
      await door.post(`${path}/resolve`, { ...signed, refundedCents }, z.unknown());
      return `order ${orderId}: resolved by hand, ${refundedCents} pence given back by other means`;
    default:
      throw new SetupError(`There is no ${action}; ${usage}.`);
  }
}

async function list(door: OperatorDoor): Promise<string> {
  const { items } = await door.get('/admin/sagas', z.object({ items: z.array(ParkedEffect) }));
  if (items.length === 0) return 'No compensation is parked.';
  return items
    .map(({ orderId, type, attempts, parkedAt, lastError }) =>
      [orderId, type, `${attempts} attempts`, `parked ${parkedAt.slice(0, 19)}`, lastError].join('  '),
    )
    .join('\n');
}
