import { z } from 'zod';

/**
 * CloudEvents 1.0 in Kafka's binary content mode: the attributes travel as headers, the body is the data alone,
 * and a consumer can skip a message by its type without parsing it.
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
export interface Envelope {
  /** Deterministic, `orderId/service/version/n`: a message that is sent again has the same id. */
  id: string;
  type: string;
  /** The service that sent it. */
  source: string;
  /** When the sender decided it, ISO 8601. */
  time: string;
  /** W3C trace context of the span that sent it, or undefined outside any trace. */
  traceparent: string | undefined;
}

export type Headers = Record<string, string>;

/** The headers of every message: what a consumer may rely on, whoever sent it. */
export const MessageHeaders = z.object({
  'content-type': z.literal('application/json'),
  ce_specversion: z.literal('1.0'),
  ce_id: z
    .string()
    .describe(
      '`orderId/service/version/n`, or `orderId/service/dead-letter/id` where an operator edited a letter',
    ),
  ce_type: z.string(),
  ce_source: z
    .string()
    .describe('The sender, `/doorbuster/service`; of an edited letter the one that had it'),
  ce_time: z.iso.datetime().describe('When the sender decided it'),
  traceparent: z
    .string()
    .regex(/^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/)
    .describe('W3C trace context; not there outside any trace')
    .optional(),
});

/** Writes the envelope as Kafka headers. */
export function toHeaders({ id, type, source, time, traceparent }: Envelope): Headers {
  return {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: type,
    ce_source: `/doorbuster/${source}`,
    ce_time: time,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** Reads the envelope, or returns undefined when a header without which nobody can handle the message is missing. */
export function fromHeaders(headers: Headers): Envelope | undefined {
  const { ce_id: id, ce_type: type, ce_source: source = '', ce_time: time = '', traceparent } = headers;
  if (id === undefined || type === undefined) return undefined;
  return { id, type, source: source.replace('/doorbuster/', ''), time, traceparent };
}
