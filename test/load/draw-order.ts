import { OrderView, type TraceSpan } from '@doorbuster/contracts';
import type { ShopInfo } from '../audit/sources.ts';
import { awaitTrace, tracedServices } from './jaeger.ts';
import { drawTimeline, drawWaterfall } from './waterfall.ts';

export interface DrawnOrder {
  order: OrderView;
  traceId: string | null;
  spans: TraceSpan[];
  /** What to print. */
  drawing: string;
}

type Addresses = Pick<ShopInfo, 'gateway' | 'jaeger'>;

/** Reads an order and its trace and draws both; undefined where there is no such order. */
export async function drawOrder(
  { gateway, jaeger }: Addresses,
  orderId: string,
  { traceId: known, limitMs, signal }: { traceId?: string; limitMs: number; signal?: AbortSignal },
): Promise<DrawnOrder | undefined> {
  const url = new URL(`/orders/${encodeURIComponent(orderId)}`, gateway);
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const order = OrderView.parse(await response.json());
  const traceId = known ?? order.timeline.find((entry) => entry.traceId !== null)?.traceId ?? null;
  const spans =
    traceId === null ? [] : ((await awaitTrace(jaeger, traceId, waitFor(order, limitMs, signal))) ?? []);
  const drawing = [drawTimeline(order), '', drawTrace(jaeger, traceId, spans)].join('\n');
  return { order, traceId, spans, drawing };
}

/** Only a confirmed order has been everywhere. */
function waitFor({ status }: OrderView, limitMs: number, signal: AbortSignal | undefined) {
  const services = status === 'confirmed' ? tracedServices : ['gateway', 'order'];
  return { services, limitMs, ...(signal === undefined ? {} : { signal }) };
}

function drawTrace(jaeger: string, traceId: string | null, spans: TraceSpan[]): string {
  if (traceId === null || spans.length === 0) return 'It was not sampled, so there is no trace of it.';
  return [`Trace ${traceId}  ${new URL(`/trace/${traceId}`, jaeger)}`, drawWaterfall(spans)].join('\n');
}
