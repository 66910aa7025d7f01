import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CannotAudit, findShop } from '../audit/sources.ts';
import { complaintOf } from '../audit/words.ts';
import { drawOrder } from './draw-order.ts';

const runsFolder = fileURLToPath(new URL('../../.runs/', import.meta.url));
const usage = 'use it as: npm run order -- ORDER_ID [--info FILE]';
const traceLimitMs = 4_000;

function readArguments(args: string[]): { orderId: string; info: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { info: { type: 'string' } },
      allowPositionals: true,
    });
    const [orderId, ...more] = positionals;
    if (orderId === undefined || more.length > 0) throw new CannotAudit(`One order is needed; ${usage}.`);
    return { orderId, info: values.info };
  } catch (cause) {
    if (cause instanceof CannotAudit) throw cause;
    throw new CannotAudit(`${complaintOf(cause)}; ${usage}.`, { cause });
  }
}

async function run(): Promise<void> {
  const { orderId, info } = readArguments(process.argv.slice(2));
  const shop = await findShop(info, runsFolder);
  const drawn = await drawOrder(shop, orderId, { limitMs: traceLimitMs });
  if (drawn === undefined) throw new CannotAudit(`The shop at ${shop.gateway} knows no order ${orderId}.`);
  console.log(drawn.drawing);
}

await run().catch((error: unknown) => {
  console.error(
    error instanceof CannotAudit ? error.message : `The order could not be drawn: ${String(error)}.`,
  );
  process.exitCode = 2;
});
