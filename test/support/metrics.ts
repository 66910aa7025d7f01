import { isDeepStrictEqual } from 'node:util';
import { type Attributes, metrics } from '@opentelemetry/api';
import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { temporalityOf } from '../../libs/service/src/temporality.ts';

// Instruments that were made before there is a provider measure nothing: this has to be imported before what measures.

class AskedReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

const reader = new AskedReader({ aggregationTemporalitySelector: temporalityOf });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));

/** One value of a metric; of a histogram it is how often something was recorded. */
export interface Measured {
  name: string;
  attributes: Attributes;
  value: number;
  sum: number | undefined;
}

/** What OpenTelemetry collects in this process. */
export async function collectNow(): Promise<ResourceMetrics> {
  const { resourceMetrics, errors } = await reader.collect();
  if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be measured');
  return resourceMetrics;
}

/** Everything that is measured in this process, as an exporter would get it now. */
export async function measured(): Promise<Measured[]> {
  const resourceMetrics = await collectNow();
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ descriptor: { name }, dataPoints }) =>
      dataPoints.map(({ attributes, value }) =>
        typeof value === 'number'
          ? { name, attributes, value, sum: undefined }
          : { name, attributes, value: value.count, sum: value.sum },
      ),
    ),
  );
}

/** The value of a metric with exactly these attributes; 0 where nobody has told one. */
export async function metricValue(name: string, attributes: Attributes = {}): Promise<number> {
  const found = (await measured()).find(
    (one) => one.name === name && isDeepStrictEqual({ ...one.attributes }, attributes),
  );
  return found?.value ?? 0;
}
