import type { Pulse } from '@doorbuster/contracts';
import { metricCatalogue } from '@doorbuster/telemetry';
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** A look costs every gauge a question, so for whoever asks sooner the last one stands. */
const freshMs = 900;

/**
 * Tells how an instance does, looking hardly more than once a second however many ask. `collect` gives everything that
 * is measured, or undefined where nobody measures.
 */
export function createPulse(
  instance: string,
  collect: () => Promise<ResourceMetrics | undefined>,
  now: () => number = Date.now,
): () => Promise<Pulse> {
  const startedAt = Math.round(performance.timeOrigin);
  let last: { beganAt: number; pulse: Promise<Pulse> } | undefined;

  async function look(): Promise<Pulse> {
    const measured = await collect();
    const { user, system } = process.cpuUsage();
    return {
      instance,
      startedAt,
      at: now(),
      cpuSeconds: (user + system) / 1e6,
      memoryBytes: process.memoryUsage.rss(),
      metrics: measured?.scopeMetrics.flatMap(({ metrics }) => metrics.flatMap(toPoints)) ?? [],
    };
  }

  return () => {
    if (last !== undefined && now() - last.beganAt < freshMs) return last.pulse;
    const pulse = look();
    last = { beganAt: now(), pulse };
    return pulse;
  };
}

/** The points of a metric of the catalogue; what libraries measure besides is nobody's business here. */
function toPoints(metric: MetricData): Pulse['metrics'] {
  const { name } = metric.descriptor;
  if (!Object.hasOwn(metricCatalogue, name)) return [];
  switch (metric.dataPointType) {
    case DataPointType.HISTOGRAM:
      return metric.dataPoints.map(({ attributes, value: { count, sum = 0, buckets } }) => ({
        name,
        attributes: plain(attributes),
        count,
        sum,
        bounds: buckets.boundaries,
        buckets: buckets.counts,
      }));
    case DataPointType.SUM:
    case DataPointType.GAUGE:
      return metric.dataPoints.map(({ attributes, value }) => ({
        name,
        attributes: plain(attributes),
        value,
      }));
    default:
      return [];
  }
}

/** The catalogue's attributes are texts and numbers, though OpenTelemetry's could be lists. */
const plain = (attributes: object): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : String(value),
    ]),
  );
