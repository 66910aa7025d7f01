import { setTimeout as pause } from 'node:timers/promises';
import { readJaegerTrace, type TraceSpan } from '@doorbuster/contracts';

/** Reads a trace from Jaeger's API; undefined while Jaeger does not know it. */
export async function readTrace(jaeger: string, traceId: string): Promise<TraceSpan[] | undefined> {
  const response = await fetch(new URL(`/api/traces/${traceId}`, jaeger), {
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const spans = readJaegerTrace(await response.json(), traceId);
  return spans.length === 0 ? undefined : spans;
}

/** The services that every confirmed order's trace goes through. */
export const tracedServices = ['gateway', 'order', 'inventory', 'payment', 'notification', 'acquirer'];

/** The services of a trace, in the order in which it came to them. */
export const servicesOf = (spans: readonly TraceSpan[]): string[] => [
  ...new Set(spans.toSorted((a, b) => a.startMs - b.startMs).map(({ service }) => service)),
];

const askEveryMs = 300;

/** Asks until the trace holds all these services, or the limit is reached; then gives what there is. */
export async function awaitTrace(
  jaeger: string,
  traceId: string,
  { services, limitMs, signal }: { services: readonly string[]; limitMs: number; signal?: AbortSignal },
): Promise<TraceSpan[] | undefined> {
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    const spans = await readTrace(jaeger, traceId).catch(() => undefined);
    const there = new Set(spans === undefined ? [] : servicesOf(spans));
    if (services.every((service) => there.has(service)) && there.size > 0) return spans;
    if (performance.now() > giveUpAt) return spans;
    await pause(askEveryMs, undefined, signal === undefined ? {} : { signal });
  }
}
