import { participants } from '@doorbuster/contracts';
import {
  libraryMetrics,
  type Metric,
  metricCatalogue,
  prometheusLabel,
  prometheusNames,
} from '@doorbuster/telemetry';
import { type Source, typeScript } from './source.ts';

// What `docs/metrics.md` says that the code can say by itself.

const instruments = ['counter', 'upDownCounter', 'histogram', 'gauge', 'observableCounter'];

/** The files that run in production and make the instrument of a metric, by the name that the catalogue has. */
export const usesOf = (name: string, files: readonly Source[]): string[] =>
  files
    .filter(({ path }) => /^(libs|services)\/[^/]+\/src\//.test(path) && !path.startsWith('libs/telemetry/'))
    .filter(({ text }) => instruments.some((kind) => text.includes(`.${kind}('${name}')`)))
    .map(({ path }) => path);

/** Whoever runs a file: a service its own, and what is in a library all that use it. */
function tellerOf(file: string): string {
  const [top, home = ''] = file.split('/');
  if (top === 'services') return home;
  return home === 'service' ? 'every service' : participants.join(', ');
}

/** Every metric of our own: what it is called, counts and means, and who tells it. */
export function metricTable(): string {
  const files = typeScript();
  return tableOf(metricCatalogue, (name) =>
    usesOf(name, files)
      .map((file) => `[${tellerOf(file)}](../${file})`)
      .join(', '),
  );
}

/** What libraries measure, as far as boards and rules show it. */
export const libraryMetricTable = (): string => tableOf(libraryMetrics, () => 'every service');

function tableOf(all: Readonly<Record<string, Metric>>, toldBy: (name: string) => string): string {
  const rows = Object.entries(all).map(([name, metric]) => {
    const { kind, unit, description, attributes = [], shared } = metric;
    const series = prometheusNames(name, metric).map((one) => `\`${one}\``);
    const labels = attributes.map((attribute) => `\`${prometheusLabel(attribute)}\``);
    const cells = [
      `\`${name}\``,
      series.join(' '),
      kind,
      unit.replaceAll(/[{}]/g, ''),
      labels.join(' '),
      `${description}${shared ? ' ◆' : ''}`,
      toldBy(name),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| metric | in Prometheus | kind | unit | labels | meaning | told by |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
