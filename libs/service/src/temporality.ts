import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';

/**
 * Sums are told as they stand since the start. A gauge has no history: what nobody tells any more, such as the lag of a
 * partition that another instance has now, must not go on as its last value, as it would if it were cumulative.
 */
export const temporalityOf = (type: InstrumentType): AggregationTemporality =>
  type === InstrumentType.OBSERVABLE_GAUGE ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
