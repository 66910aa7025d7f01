import {
  libraryMetrics,
  type Metric,
  metricCatalogue,
  prometheusLabel,
  prometheusNames,
} from '@doorbuster/telemetry';
import { parse } from 'yaml';
import { z } from 'zod';
import { Board } from './board.ts';
import { fillIn, usesIn } from './promql.ts';
import { filesUnder, readSource } from './source.ts';

const Rule = z.strictObject({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});
const RuleFile = z.object({ groups: z.array(z.object({ name: z.string(), rules: z.array(Rule) })) });
export type Rule = z.infer<typeof Rule>;

const under = (folder: string, ending: string): string[] =>
  filesUnder(folder).filter((file) => file.endsWith(ending));

/** Every rule that Prometheus is given. */
export const rules = (): (Rule & { file: string })[] =>
  under('observability/prometheus/rules', '.yml').flatMap((file) =>
    RuleFile.parse(parse(readSource(file).text)).groups.flatMap((group) =>
      group.rules.map((rule) => ({ file, ...rule })),
    ),
  );

/** Every board that Grafana is given. */
export const boards = (): (Board & { file: string })[] =>
  under('observability/grafana/dashboards', '.json').map((file) => ({
    file,
    ...Board.parse(JSON.parse(readSource(file).text)),
  }));

/** The names of all alerts. */
export const alerts = (): string[] => [...new Set(rules().flatMap(({ alert }) => alert ?? []))];

/** Something that is asked of Prometheus, and the labels that are shown of the answer. */
export interface Question {
  place: string;
  expression: string;
  shows: string[];
}

const labelsShown = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, label = '']) => label);

/** Everything that boards, rules and documents ask of Prometheus. */
export const questions = (): Question[] => [...ofBoards(), ...ofRules(), ...ofDocuments()];

const ofBoards = (): Question[] =>
  boards().flatMap(({ file, panels, annotations, templating }) => [
    ...panels.flatMap((panel) =>
      panel.type === 'row'
        ? []
        : panel.targets.map(({ expr, legendFormat }) => {
            const links = JSON.stringify(panel.fieldConfig.defaults.links ?? []);
            const shows = [
              ...labelsShown(legendFormat, /\{\{\s*(\w+)\s*\}\}/g),
              ...labelsShown(links, /\$\{__field\.labels\.(\w+)/g),
            ];
            return { place: `${file}: ${panel.title}`, expression: fillIn(expr), shows };
          }),
    ),
    ...annotations.list.map(({ name, expr }) => ({ place: `${file}: ${name}`, expression: expr, shows: [] })),
    ...templating.list.flatMap((variable) => {
      if (variable.type !== 'query') return [];
      const [, expression = '', label = ''] =
        /^label_values\((.+), (\w+)\)$/.exec(variable.query.query) ?? [];
      return [{ place: `${file}: $${variable.name}`, expression: fillIn(expression), shows: [label] }];
    }),
  ]);

const ofRules = (): Question[] =>
  rules().map(({ file, record, alert, expr, annotations }) => ({
    place: `${file}: ${record ?? alert}`,
    expression: expr,
    shows: Object.values(annotations).flatMap((text) => labelsShown(text, /\$labels\.(\w+)/g)),
  }));

const ofDocuments = (): Question[] =>
  ['observability/slo.md', ...under('docs', '.md')].flatMap((file) =>
    [...readSource(file).text.matchAll(/^```promql\n(.+?)^```$/gms)].map(([, expression = '']) => ({
      place: file,
      expression: expression.trim(),
      shows: [],
    })),
  );

/** What a series has besides its name. */
export interface Declared {
  labels: ReadonlySet<string>;
  buckets: readonly number[];
}

const ofEverySeries = ['service_name', 'service_instance_id', 'service_namespace', 'job', 'instance'];

/** What the collector makes of spans, as `observability/jaeger.yaml` tells it to. */
const spanMetrics: Record<string, Metric> = {
  'traces.span.metrics.calls': {
    kind: 'counter',
    unit: '{call}',
    description: 'Spans',
    attributes: ['span.name', 'span.kind', 'status.code'],
  },
  'traces.span.metrics.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'How long they took',
    attributes: ['span.name', 'span.kind', 'status.code'],
  },
};

/** Every series that Prometheus can have, by its name. */
export function declaredSeries(): Map<string, Declared> {
  const metrics: Record<string, Metric> = { ...metricCatalogue, ...libraryMetrics, ...spanMetrics };
  const exported = Object.entries(metrics).flatMap(([name, metric]) =>
    prometheusNames(name, metric).map((series): [string, Declared] => {
      const own = (metric.attributes ?? []).map(prometheusLabel);
      const le = series.endsWith('_bucket') ? ['le'] : [];
      return [series, { labels: new Set([...ofEverySeries, ...own, ...le]), buckets: metric.buckets ?? [] }];
    }),
  );
  const recorded = rules().flatMap(({ record, expr, labels }): [string, Declared][] => {
    if (record === undefined) return [];
    // A rule that looks at recorded series only hands on their labels.
    const handedOn = usesIn(expr).some(({ metric }) => metric.startsWith('slo:')) ? ['slo'] : [];
    return [[record, { labels: new Set([...Object.keys(labels), ...handedOn]), buckets: [] }]];
  });
  const ofPrometheus: [string, Declared][] = [
    ['up', { labels: new Set(['job', 'instance']), buckets: [] }],
    ['ALERTS', { labels: new Set(['alertname', 'alertstate', 'severity']), buckets: [] }],
  ];
  return new Map([...exported, ...recorded, ...ofPrometheus]);
}

/** A sentence for each thing that a question asks for and nobody declares. */
export function undeclared(
  { place, expression, shows }: Question,
  declared: Map<string, Declared>,
): string[] {
  const uses = usesIn(expression);
  const known = uses.map(({ metric }) => declared.get(metric));
  const wrong = uses.flatMap(({ metric, labels, le }, n) => {
    const series = known[n];
    if (series === undefined) return [`${place}: nobody measures ${metric}`];
    const isBucket = le === undefined || series.buckets.includes(Number(le));
    return [
      ...labels
        .filter((label) => !series.labels.has(label))
        .map((label) => `${place}: ${metric} has no ${label}`),
      ...(isBucket ? [] : [`${place}: ${metric} has no bucket ${le}`]),
    ];
  });
  const shown = shows.filter((label) => !known.some((series) => series?.labels.has(label)));
  return [...wrong, ...shown.map((label) => `${place}: shows ${label}, which nothing there has`)];
}
