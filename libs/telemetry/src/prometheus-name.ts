import type { Metric } from './catalogue.ts';

const unitSuffixes: Record<string, string> = { s: '_seconds', By: '_bytes' };

/**
 * The series that a metric has in Prometheus, as a collector's exporter names them.
 * Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
export function prometheusNames(name: string, { kind, unit }: Pick<Metric, 'kind' | 'unit'>): string[] {
  const isRatio = unit === '1' && kind === 'gauge';
  const base = `${prometheusLabel(name)}${isRatio ? '_ratio' : (unitSuffixes[unit] ?? '')}`;
  switch (kind) {
    case 'histogram':
      return ['_bucket', '_sum', '_count'].map((part) => base + part);
    case 'counter':
    case 'observable counter':
      return [`${base}_total`];
    default:
      return [base];
  }
}

/** What an attribute is called in Prometheus. */
export const prometheusLabel = (attribute: string): string => attribute.replaceAll(/\W/g, '_');
