import { clientsFileOf, type ShopInfo } from '../audit/sources.ts';
import { createClient } from './client.ts';
import { arrivals, doorsOpenAtS, expectedOrders } from './curve.ts';
import { type BacklogWatch, drain } from './drain.ts';
import { type Following, followOrders } from './follow.ts';
import { createGenerator } from './generator.ts';
import type { Goods } from './goods.ts';
import { writeHistory } from './history.ts';
import { askUntilSoldOut } from './hot-sku.ts';
import type { DemoOptions } from './options.ts';
import { drawOrders } from './orders.ts';
import { showLoad } from './progress.ts';
import { hex, mulberry32, type Random } from './random.ts';
import { createTally, type Tally } from './tally.ts';

export interface CurveRun {
  tally: Tally;
  following: Following;
  /** The trace that the first order was told to make. */
  traceId: string;
}

interface CurveOptions {
  info: ShopInfo;
  /** The share of the orders that their customers want traced; without one that is the shop's to say. */
  traceShare?: number | undefined;
  options: DemoOptions;
  goods: Goods;
  random: Random;
  watch: BacklogWatch;
  signal: AbortSignal;
  onFirstAccepted(): void;
}

const drainLimitMs = 60_000;
const soldOutLimitMs = 30_000;
/** Cards that are answered too late are drawn only while there is still that much of the curve to come. */
const lateCardsUntilMs = 20_000;

/** Sends the whole curve, and waits until nothing is under way any more. */
export async function runCurve({
  info,
  traceShare,
  options,
  goods,
  random,
  watch,
  signal,
  onFirstAccepted,
}: CurveOptions): Promise<CurveRun> {
  const { curve, seed, declinesPercent, hotSkuStock } = options;
  const tally = createTally();
  const following = followOrders(info.auditor.order);
  const history = await writeHistory(clientsFileOf(info.runDir));
  const client = createClient(info.gateway);
  const run = runOf(options);
  const orders = drawOrders({ run, baskets: goods.baskets, declinesPercent, random });
  const onAccepted = (orderId: string, scheduledAtMs: number) => {
    if (tally.counts.accepted === 1) onFirstAccepted();
    following.add(orderId, scheduledAtMs);
  };
  const generator = createGenerator({ client, history, tally, onAccepted, signal });
  const phase = { text: '' };
  const progress = showLoad({
    tally,
    following,
    lag: watch.lag,
    phase: () => phase.text,
    out: process.stderr,
  });
  const traceId = orders.traceId;
  try {
    const first = `00-${traceId}-${hex(random, 16)}-01`;
    const wanted = traceparents(seed, traceShare);
    const draw = (atMs: number) => {
      phase.text = phaseAt(options, atMs);
      const order = orders.next({ lateCards: atMs < curve.seconds * 1_000 - lateCardsUntilMs });
      const traceparent = tally.counts.offered === 0 ? first : wanted();
      return traceparent === undefined ? order : { ...order, traceparent };
    };
    await generator.run(arrivals(curve, random), draw);
    if (hotSkuStock !== undefined) {
      phase.text = `asking for ${goods.hotSku} until none is left`;
      const lines = [{ sku: goods.hotSku, quantity: 1 }];
      const ask = () => generator.launch(orders.next({ lines, lateCards: false }), Date.now());
      const { gateway, auditor } = info;
      const limits = { askPerS: curve.basePerS, limitMs: soldOutLimitMs, signal };
      await askUntilSoldOut({
        sku: goods.hotSku,
        gateway,
        inventoryDatabaseUrl: auditor.inventory,
        ask,
        ...limits,
      });
    }
    phase.text = 'the rush is over; waiting for the last orders';
    await generator.idle();
    await drain(watch, drainLimitMs, signal);
  } finally {
    progress.close();
    await Promise.all([history.close(), client.close(), following.close()]);
  }
  return { tally, following, traceId };
}

/** In a shop that was there before, keys of the same seed would only bring back the answers of an earlier run. */
const runOf = ({ seed, shopFile }: DemoOptions): string =>
  shopFile === undefined ? `demo-${seed}` : `demo-${seed}-${Date.now()}`;

/** What customers say who decide themselves whether they are traced; it is drawn apart, so that the orders stay the same. */
function traceparents(seed: number, share: number | undefined): () => string | undefined {
  if (share === undefined) return () => undefined;
  const random = mulberry32(seed + 2);
  return () => `00-${hex(random, 32)}-${hex(random, 16)}-0${random() < share ? 1 : 0}`;
}

function phaseAt({ curve }: DemoOptions, atMs: number): string {
  const untilOpen = Math.ceil(doorsOpenAtS(curve) - atMs / 1_000);
  const left = Math.ceil(curve.seconds - atMs / 1_000);
  const of = `${left} s left of ${curve.seconds} s, about ${Math.round(expectedOrders(curve))} orders in all`;
  return untilOpen > 0 ? `the doors open in ${untilOpen} s; ${of}` : `the doors are open; ${of}`;
}
