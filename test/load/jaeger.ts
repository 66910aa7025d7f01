import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** One span of a trace, as it is drawn. */
export interface Span {
  id: string;
  parentId: string | undefined;
  service: string;
  name: string;
  /** From the beginning of the trace. */
  startMs: number;
  durationMs: number;
}

const TraceAnswer = z.object({
  data: z.array(
    z.object({
      spans: z.array(
        z.object({
          spanID: z.string(),
          operationName: z.string(),
          references: z.array(z.object({ refType: z.string(), traceID: z.string(), spanID: z.string() })),
          startTime: z.number(),
          duration: z.number(),
          processID: z.string(),
        }),
      ),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
});

/** Reads a trace from Jaeger's API; undefined while Jaeger does not know it. */
export async function readTrace(jaeger: string, traceId: string): Promise<Span[] | undefined> {
  const response = await fetch(new URL(`/api/traces/${traceId}`, jaeger), {
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const [trace] = TraceAnswer.parse(await response.json()).data;
  if (trace === undefined || trace.spans.length === 0) return undefined;
  const beganAt = Math.min(...trace.spans.map(({ startTime }) => startTime));
  return trace.spans.map((span) => ({
    id: span.spanID,
    // A link points to another trace and is no parent.
    parentId: span.references.find(({ refType, traceID }) => refType === 'CHILD_OF' && traceID === traceId)
      ?.spanID,
    service: trace.processes[span.processID]?.serviceName ?? 'unknown',
    name: span.operationName,
    startMs: (span.startTime - beganAt) / 1_000,
    durationMs: span.duration / 1_000,
  }));
}

/** The services that every confirmed order's trace goes through. */
export const tracedServices = ['gateway', 'order', 'inventory', 'payment', 'notification', 'acquirer'];

/** The services of a trace, in the order in which it came to them. */
export const servicesOf = (spans: readonly Span[]): string[] => [
  ...new Set(spans.toSorted((a, b) => a.startMs - b.startMs).map(({ service }) => service)),
];

const askEveryMs = 300;

/** Asks until the trace holds all these services, or the limit is reached; then gives what there is. */
export async function awaitTrace(
  jaeger: string,
  traceId: string,
  { services, limitMs, signal }: { services: readonly string[]; limitMs: number; signal?: AbortSignal },
): Promise<Span[] | undefined> {
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    const spans = await readTrace(jaeger, traceId).catch(() => undefined);
    const there = new Set(spans === undefined ? [] : servicesOf(spans));
    if (services.every((service) => there.has(service)) && there.size > 0) return spans;
    if (performance.now() > giveUpAt) return spans;
    await pause(askEveryMs, undefined, signal === undefined ? {} : { signal });
  }
}
