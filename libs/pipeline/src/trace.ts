import {
  type Attributes,
  type Context,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

const tracer = trace.getTracer('@doorbuster/pipeline');

/** Unsampled orders must cost nothing, so the flag is read off the header before any object is made. */
export const isSampled = (traceparent: string | undefined): traceparent is string =>
  traceparent?.endsWith('-01') ?? false;

/** The trace id in a `traceparent`, or null; only of a trace that somebody can look at. */
export const traceIdOf = (traceparent: string | undefined): string | null =>
  isSampled(traceparent) ? (traceparent.split('-')[1] ?? null) : null;

/** The W3C trace context of what is running now, to be kept in a row or a header. */
export const currentTraceparent = (): string | undefined => traceparentOf(context.active());

/** A context that continues the trace in the header. */
export const contextOf = (traceparent: string | undefined): Context =>
  traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });

function traceparentOf(of: Context): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(of, carrier);
  return carrier.traceparent;
}

/** A span of one order's own, or, where the order is not sampled, nothing but the context handed on. */
export interface OrderSpan {
  traceparent: string | undefined;
  link: Link | undefined;
  end(error?: unknown): void;
}

/** Opens a span that is the child of what caused it, whatever batch it travels in. */
export function orderSpan(
  name: string,
  kind: SpanKind,
  traceparent: string | undefined,
  attributes: Attributes,
): OrderSpan {
  if (!isSampled(traceparent)) return { traceparent, link: undefined, end: () => undefined };
  const parent = contextOf(traceparent);
  const span = tracer.startSpan(name, { kind, attributes }, parent);
  return {
    traceparent: traceparentOf(trace.setSpan(parent, span)),
    link: { context: span.spanContext() },
    end: (error) => end(span, error),
  };
}

/**
 * Runs a batch under a span of its own. The batch is *linked* to its members and never the child of the first one:
 * it is the work of all of them. Without a sampled member there is no span.
 */
export async function inBatchSpan<T>(
  name: string,
  count: number,
  links: Link[],
  work: () => Promise<T>,
): Promise<T> {
  if (links.length === 0) return work();
  const attributes = { 'messaging.batch.message_count': count };
  const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes, links, root: true });
  return inSpan(span, trace.setSpan(ROOT_CONTEXT, span), work);
}

/** Runs work as the continuation of a trace, in a span when that trace is sampled. */
export async function inOrderSpan<T>(
  name: string,
  traceparent: string | undefined,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  const parent = contextOf(traceparent);
  if (!isSampled(traceparent)) return context.with(parent, work);
  const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes }, parent);
  return inSpan(span, trace.setSpan(parent, span), work);
}

async function inSpan<T>(span: Span, active: Context, work: () => Promise<T>): Promise<T> {
  try {
    const result = await context.with(active, work);
    end(span);
    return result;
  } catch (error) {
    end(span, error);
    throw error;
  }
}

function end(span: Span, error?: unknown): void {
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
  span.end();
}
