import { z } from 'zod';

// What Grafana needs of a board, as far as ours use it.

const Datasource = z.strictObject({ type: z.string(), uid: z.string() });

const GridPos = z.strictObject({
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  w: z.int().min(1).max(24),
  h: z.int().min(1),
});

const Target = z.object({
  refId: z.string().regex(/^[A-Z]$/),
  datasource: Datasource,
  expr: z.string().min(1),
  legendFormat: z.string(),
});

const Link = z.strictObject({ title: z.string().min(1), url: z.string(), targetBlank: z.literal(true) });

/** The units of Grafana that we use: operations and requests a second, seconds, a share, bytes, a number. */
const Unit = z.enum(['ops', 'reqps', 's', 'percentunit', 'bytes', 'short']);

const Panel = z.object({
  id: z.int().min(1),
  type: z.enum(['stat', 'timeseries', 'bargauge']),
  title: z.string().min(1),
  description: z.string().min(1),
  datasource: Datasource,
  gridPos: GridPos,
  targets: z.array(Target).min(1),
  fieldConfig: z.object({
    defaults: z.object({ unit: Unit, links: z.array(Link).optional() }),
    overrides: z.array(z.unknown()),
  }),
  options: z.record(z.string(), z.unknown()),
});

const Row = z.strictObject({
  id: z.int().min(1),
  type: z.literal('row'),
  title: z.string().min(1),
  collapsed: z.literal(false),
  gridPos: GridPos,
  panels: z.tuple([]),
});

const Query = z.object({
  type: z.literal('query'),
  name: z.string(),
  label: z.string(),
  datasource: Datasource,
  query: z.object({ query: z.string().regex(/^label_values\(.+, \w+\)$/) }),
});
const Constant = z.object({ type: z.literal('constant'), name: z.string(), query: z.string() });

const Annotation = z.object({ name: z.string(), datasource: Datasource, expr: z.string() });

export const Board = z.object({
  // Null, so that Grafana gives it one of its own.
  id: z.null(),
  uid: z.string().max(40),
  title: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()),
  schemaVersion: z.int().min(36),
  time: z.strictObject({ from: z.string(), to: z.literal('now') }),
  refresh: z.string(),
  annotations: z.object({ list: z.array(Annotation) }),
  templating: z.object({ list: z.array(z.discriminatedUnion('type', [Query, Constant])) }),
  panels: z.array(z.discriminatedUnion('type', [Panel, Row])).min(1),
});
export type Board = z.infer<typeof Board>;

type Place = z.infer<typeof GridPos>;

const overlap = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** A sentence for each panel that Grafana would move, because it is out of the grid or upon another one. */
export const misplaced = ({ panels }: Board): string[] =>
  panels.flatMap(({ title, gridPos }, n) => [
    ...(gridPos.x + gridPos.w > 24 ? [`${title} is out of the grid`] : []),
    ...panels
      .slice(n + 1)
      .filter((other) => overlap(gridPos, other.gridPos))
      .map((other) => `${title} is upon ${other.title}`),
  ]);

/** The data sources that a board asks, by their uids. */
export const askedBy = ({ panels, annotations, templating }: Board): string[] => [
  ...new Set(
    [
      ...panels.flatMap((panel) => (panel.type === 'row' ? [] : [panel, ...panel.targets])),
      ...annotations.list,
      ...templating.list.flatMap((variable) => (variable.type === 'query' ? [variable] : [])),
    ].map(({ datasource }) => datasource.uid),
  ),
];

/** The addresses to which a board's panels link, with something in each of their variables. */
export function linksOf({ panels, templating }: Board): URL[] {
  const constants = new Map(
    templating.list.flatMap((one) => (one.type === 'constant' ? [[one.name, one.query] as const] : [])),
  );
  const links = panels.flatMap((panel) =>
    panel.type === 'row' ? [] : (panel.fieldConfig.defaults.links ?? []),
  );
  return links.map(
    ({ url }) => new URL(url.replaceAll(/\$\{([\w.]+)\}/g, (_, name) => constants.get(name) ?? '1')),
  );
}
