import { findShop, readArguments, runProgram, SetupError } from '@doorbuster/stack';
import { ShopInfo } from '../audit/sources.ts';
import { drawOrder } from './draw-order.ts';

const usage = 'use it as: npm run order -- ORDER_ID [--info FILE]';
const traceLimitMs = 4_000;

function readOrder(args: string[]): { orderId: string; info: string | undefined } {
  const options = { info: { type: 'string' } } as const;
  const { values, positionals } = readArguments({ args, options, allowPositionals: true }, usage);
  const [orderId, ...more] = positionals;
  if (orderId === undefined || more.length > 0) throw new SetupError(`One order is needed; ${usage}.`);
  return { orderId, info: values.info };
}

await runProgram(async () => {
  const { orderId, info } = readOrder(process.argv.slice(2));
  const shop = await findShop(ShopInfo, info);
  const drawn = await drawOrder(shop, orderId, { limitMs: traceLimitMs });
  if (drawn === undefined) throw new SetupError(`The shop at ${shop.gateway} knows no order ${orderId}.`);
  console.log(drawn.drawing);
});
