import type { Pulse } from '@doorbuster/contracts';

/** What an instance tells, with these metrics. */
export const pulse = (over: Partial<Pulse>): Pulse => ({
  instance: 'order-1',
  startedAt: 0,
  at: 0,
  cpuSeconds: 0,
  memoryBytes: 100,
  metrics: [],
  ...over,
});

export const counter = (
  name: string,
  value: number,
  attributes: Record<string, string> = {},
): Pulse['metrics'][number] => ({ name, attributes, value });

export const histogram = (
  name: string,
  buckets: number[],
  attributes: Record<string, string> = {},
): Pulse['metrics'][number] => ({
  name,
  attributes,
  count: buckets.reduce((sum, one) => sum + one, 0),
  sum: 0,
  bounds: [0.1, 0.5, 1],
  buckets,
});
