import { z } from 'zod';
import { type TraceSpan, traceSpansMax } from './control.ts';

const JaegerAnswer = z.object({
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
          tags: z.array(z.object({ key: z.string(), value: z.unknown() })),
        }),
      ),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
});

/**
 * The spans of a trace in the order of their beginnings, out of what Jaeger's `/api/traces` answers, whose times are
 * microseconds; none where the answer is no trace, and the first
 * `traceSpansMax` where there are more.
 */
export function readJaegerTrace(body: unknown, traceId: string): TraceSpan[] {
  const answer = JaegerAnswer.safeParse(body);
  const trace = answer.data?.data[0];
  if (trace === undefined) return [];
  const beganAt = Math.min(...trace.spans.map(({ startTime }) => startTime));
  return (
    trace.spans
      // What begins in the same microsecond as what it is a part of comes after it.
      .toSorted((a, b) => a.startTime - b.startTime || b.duration - a.duration)
      .slice(0, traceSpansMax)
      .map((span) => ({
        id: span.spanID,
        // A link points to another trace and is no parent.
        parentId:
          span.references.find(({ refType, traceID }) => refType === 'CHILD_OF' && traceID === traceId)
            ?.spanID ?? null,
        service: trace.processes[span.processID]?.serviceName ?? 'unknown',
        name: span.operationName,
        startMs: (span.startTime - beganAt) / 1_000,
        durationMs: span.duration / 1_000,
        isError: span.tags.some(({ key, value }) => key === 'error' && value === true),
      }))
  );
}
