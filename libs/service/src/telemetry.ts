/**
 * Starts OpenTelemetry. Loaded by `node --import`, before anything that it instruments: a hook that comes late is
 * silent, so it stays apart from the service's own start.
 */
import { createRequire } from 'node:module';
import { TraceFlags, trace } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationType,
  type CollectionResult,
  type InstrumentType,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import { readConfig, ServiceConfig, serviceOf } from './config.ts';
import { followTraceShare } from './sampling.ts';
import { temporalityOf } from './temporality.ts';

const { OTLP_URL, INSTANCE, TRACE_SHARE } = readConfig(
  ServiceConfig.pick({ OTLP_URL: true, INSTANCE: true, TRACE_SHARE: true }),
);
followTraceShare(() => TRACE_SHARE);

class MetricExporter extends OTLPMetricExporter {
  override selectAggregationTemporality(type: InstrumentType) {
    return temporalityOf(type);
  }
}

/**
 * Whoever asks while somebody else is being told gets the same: what a gauge observes is told once. A second reader would
 * have statistics of its own, and so double the cost of every record.
 */
class SharedReader extends PeriodicExportingMetricReader {
  #collecting: Promise<CollectionResult> | undefined;

  override collect(
    ...options: Parameters<PeriodicExportingMetricReader['collect']>
  ): Promise<CollectionResult> {
    this.#collecting ??= super.collect(...options).finally(() => {
      this.#collecting = undefined;
    });
    return this.#collecting;
  }
}

const timeoutMillis = 5_000;

/** Nobody measures where nobody is told. */
const reader =
  OTLP_URL === undefined
    ? undefined
    : new SharedReader({
        exporter: new MetricExporter({ url: `${OTLP_URL}/v1/metrics`, timeoutMillis }),
        exportIntervalMillis: 5_000,
        exportTimeoutMillis: timeoutMillis,
      });

/** Telemetry that cannot be delivered is dropped: nothing here may slow an order down or fill the memory. */
const spanProcessorOf = (url: string) =>
  new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url: `${url}/v1/traces`, timeoutMillis }),
    maxQueueSize: 8_192,
    maxExportBatchSize: 1_024,
    scheduledDelayMillis: 500,
    exportTimeoutMillis: timeoutMillis,
  });

const isRecorded = () => ((trace.getActiveSpan()?.spanContext().traceFlags ?? 0) & TraceFlags.SAMPLED) !== 0;

const sdk = new NodeSDK({
  resource: resourceFromAttributes({
    'service.namespace': 'doorbuster',
    'service.name': serviceOf(INSTANCE),
    'service.instance.id': INSTANCE,
  }),
  autoDetectResources: false,
  // What is not to be recorded is never begun: see sampling.ts.
  sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  // They see only what is traced, and would tell of it as if it were all.
  views: ['undici', 'pg'].map((library) => ({
    meterName: `@opentelemetry/instrumentation-${library}`,
    aggregation: { type: AggregationType.DROP },
  })),
  spanProcessors: OTLP_URL === undefined ? [] : [spanProcessorOf(OTLP_URL)],
  metricReaders: reader === undefined ? [] : [reader],
  instrumentations: [
    // The SQL of a poll belongs to nobody's order; that of a batch belongs to the batch.
    new PgInstrumentation({ requireParentSpan: true }),
    new RuntimeNodeInstrumentation(),
    new UndiciInstrumentation({ requireParentforSpans: true, ignoreRequestHook: () => !isRecorded() }),
  ],
});
sdk.start();
// What is instrumented is a CommonJS module, and is so when it is required. OpenTelemetry's hook for imports would see it
// as well, but it is a thread with a heap of its own: 50 MB, and half of the processor time of a service's start.
createRequire(import.meta.url)('pg');

/** Everything that is measured, as the exporter would get it now; undefined where nothing is. */
export const collectMetrics = async (): Promise<ResourceMetrics | undefined> =>
  (await reader?.collect())?.resourceMetrics;

/** Sends what is still waiting and ends; bounded by the exporter's own time-outs. */
export const stopTelemetry = (): Promise<void> => sdk.shutdown().catch(() => undefined);
