import type { HistogramPoint, Pulse, ValuePoint } from '@doorbuster/contracts';
import type { MetricName } from '@doorbuster/telemetry';

/** Some number in a reading, such as the orders that were confirmed. */
export type Pick = (reading: Reading) => number;

type Point = Pulse['metrics'][number];

/** What an instance told of itself, with its metrics by their names. */
export interface Reading extends Omit<Pulse, 'metrics'> {
  points: ReadonlyMap<string, readonly Point[]>;
}

export const toReading = ({ metrics, ...rest }: Pulse): Reading => ({
  ...rest,
  points: Map.groupBy(metrics, ({ name }) => name),
});

/** The instance when its process began: nothing is counted yet. */
export const atStart = ({ instance, startedAt, memoryBytes }: Reading): Reading => ({
  instance,
  startedAt,
  at: startedAt,
  cpuSeconds: 0,
  memoryBytes,
  points: new Map(),
});

const isValue = (point: Point): point is ValuePoint => 'value' in point;
const isHistogram = (point: Point): point is HistogramPoint => 'buckets' in point;

/** The values of a counter or a gauge. */
export const valuesOf = ({ points }: Reading, name: MetricName): ValuePoint[] =>
  (points.get(name) ?? []).filter(isValue);

/** The histograms of a metric. */
export const histogramsOf = ({ points }: Reading, name: MetricName): HistogramPoint[] =>
  (points.get(name) ?? []).filter(isHistogram);

/** The sum of a counter's values, of those whose attributes are so. */
export const sumOf =
  (name: MetricName, isMeant: (attributes: ValuePoint['attributes']) => boolean = () => true): Pick =>
  (reading) =>
    valuesOf(reading, name).reduce(
      (sum, { attributes, value }) => (isMeant(attributes) ? sum + value : sum),
      0,
    );

/** How often a histogram was told something, of those whose attributes are so. */
export const countOf =
  (name: MetricName, isMeant: (attributes: HistogramPoint['attributes']) => boolean = () => true): Pick =>
  (reading) =>
    histogramsOf(reading, name).reduce(
      (sum, { attributes, count }) => (isMeant(attributes) ? sum + count : sum),
      0,
    );

/** The sum of everything that a histogram was told. */
export const totalOf =
  (name: MetricName): Pick =>
  (reading) =>
    histogramsOf(reading, name).reduce((total, { sum }) => total + sum, 0);
