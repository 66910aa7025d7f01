// What instances tell each other about themselves; no part of what the door promises.
import { z } from 'zod';

const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** A histogram since the start of the process; `buckets` has one more than `bounds`, for what is above them all. */
export const HistogramPoint = z.object({
  name: z.string(),
  attributes,
  count: z.number(),
  sum: z.number(),
  bounds: z.array(z.number()),
  buckets: z.array(z.number()),
});
export type HistogramPoint = z.infer<typeof HistogramPoint>;

export const ValuePoint = z.object({ name: z.string(), attributes, value: z.number() });
export type ValuePoint = z.infer<typeof ValuePoint>;

/** `GET /pulse` of an instance: what it has used, and the metrics of our own as they stand. */
export const Pulse = z.object({
  instance: z.string(),
  startedAt: z.number().describe('Unix time in ms; with another one all counts have begun again'),
  at: z.number().describe('When this was looked at, Unix time in ms'),
  cpuSeconds: z.number().min(0),
  memoryBytes: z.int().min(0),
  metrics: z.array(z.union([HistogramPoint, ValuePoint])),
});
export type Pulse = z.infer<typeof Pulse>;
