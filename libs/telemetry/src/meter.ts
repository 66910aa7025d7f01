import {
  type BatchObservableCallback,
  type Counter,
  type Histogram,
  metrics,
  type Observable,
  type ObservableCounter,
  type ObservableGauge,
  type UpDownCounter,
} from '@opentelemetry/api';
import { type Metric, type MetricName, metricCatalogue } from './catalogue.ts';

type Catalogue = typeof metricCatalogue;

/** The metrics of the catalogue that are of this kind. */
export type NameOf<Kind extends Metric['kind']> = {
  [Name in MetricName]: Catalogue[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

type AttributeOf<Name extends MetricName> = Catalogue[Name] extends {
  attributes: readonly (infer Attribute extends string)[];
}
  ? Attribute
  : never;

/** What may stand beside a value of this metric: the attributes that the catalogue names, and no others. */
export type Labels<Name extends MetricName> = [AttributeOf<Name>] extends [never]
  ? Record<string, never>
  : { [Attribute in AttributeOf<Name>]?: string | number };

/** Makes instruments of the catalogue, each by its name; what they are called and count is in the catalogue only. */
export interface CatalogueMeter {
  counter<Name extends NameOf<'counter'>>(name: Name): Counter<Labels<Name>>;
  upDownCounter<Name extends NameOf<'up-down counter'>>(name: Name): UpDownCounter<Labels<Name>>;
  histogram<Name extends NameOf<'histogram'>>(name: Name): Histogram<Labels<Name>>;
  /** Asked for its value when somebody exports, see `observe`. */
  gauge<Name extends NameOf<'gauge'>>(name: Name): ObservableGauge<Labels<Name>>;
  /** The same for a sum that is kept elsewhere. */
  observableCounter<Name extends NameOf<'observable counter'>>(name: Name): ObservableCounter<Labels<Name>>;
  /** Calls this whenever somebody exports, for the values of these instruments; returns how to end that. */
  observe(callback: BatchObservableCallback, instruments: Observable[]): () => void;
}

/** The instruments of one part of the shop, such as `@doorbuster/pipeline`. */
export function meterOf(scope: string): CatalogueMeter {
  const meter = metrics.getMeter(scope);
  return {
    counter: (name) => meter.createCounter(name, optionsOf(name, 'counter')),
    upDownCounter: (name) => meter.createUpDownCounter(name, optionsOf(name, 'up-down counter')),
    histogram: (name) => meter.createHistogram(name, optionsOf(name, 'histogram')),
    gauge: (name) => meter.createObservableGauge(name, optionsOf(name, 'gauge')),
    observableCounter: (name) => meter.createObservableCounter(name, optionsOf(name, 'observable counter')),
    observe(callback, instruments) {
      meter.addBatchObservableCallback(callback, instruments);
      return () => meter.removeBatchObservableCallback(callback, instruments);
    },
  };
}

/** @throws when the catalogue has no metric of this name and kind */
function optionsOf(name: MetricName, kind: Metric['kind']) {
  const metric: Metric | undefined = metricCatalogue[name];
  if (metric?.kind !== kind) throw new Error(`The catalogue has no ${kind} ${name}`);
  const { unit, description, buckets } = metric;
  return { unit, description, ...(buckets && { advice: { explicitBucketBoundaries: [...buckets] } }) };
}
