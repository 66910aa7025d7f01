import type { OrderView, TraceSpan } from '@doorbuster/contracts';
import { counted, money } from '../audit/words.ts';

const barWidth = 30;
const nameWidth = 44;
const shownMax = 60;

/** An order's history, an entry a line: when, which version, what came, and what was sent because of it. */
export function drawTimeline({ id, state, totalCents, lines, placedAt, timeline }: OrderView): string {
  const beganAt = Date.parse(placedAt);
  const rows = timeline.map(({ at, version, received, state: became, sent, ignored }) => {
    const ms = String(Math.max(0, Date.parse(at) - beganAt)).padStart(7);
    const out = ignored ?? (sent.length === 0 ? '' : `→ ${sent.join(', ')}`);
    return `  ${ms} ms  v${version}  ${received.padEnd(16)} ${became.padEnd(11)} ${out}`;
  });
  return [`Order ${id}: ${state}, ${money(totalCents)}, ${counted(lines.length, 'line')}`, ...rows].join(
    '\n',
  );
}

/** A trace, a span a line: its service, its name, how long it took, and a bar that shows when. */
export function drawWaterfall(spans: readonly TraceSpan[]): string {
  const rows = tree(spans);
  const lastMs = Math.max(...spans.map(({ startMs, durationMs }) => startMs + durationMs), 1);
  const serviceWidth = Math.max(...rows.map(({ span }) => span.service.length));
  const lines = rows.slice(0, shownMax).map(({ span, depth }) => {
    const name = `${' '.repeat(depth)}${span.name}`.slice(0, nameWidth).padEnd(nameWidth);
    const ms = span.durationMs.toFixed(1).padStart(8);
    return `  ${span.service.padEnd(serviceWidth)}  ${name} ${ms} ms  ${bar(span, lastMs)}`;
  });
  const left = spans.length - Math.min(rows.length, shownMax);
  const note = left === 0 ? [] : [`  (${counted(left, 'inner span')} of frameworks and databases not drawn)`];
  return [...lines, ...note].join('\n');
}

/** What a framework does inside of a request is in Jaeger, and only in the way here. */
const isTelling = ({ name }: TraceSpan): boolean =>
  !/^(middleware|request handler|router|pg[.:-]|tcp|tls|dns)/.test(name);

function bar({ startMs, durationMs }: TraceSpan, lastMs: number): string {
  const from = Math.min(barWidth - 1, Math.floor((startMs / lastMs) * barWidth));
  const width = Math.min(barWidth - from, Math.max(1, Math.round((durationMs / lastMs) * barWidth)));
  return `${'·'.repeat(from)}${'█'.repeat(width)}${'·'.repeat(barWidth - from - width)}`;
}

interface Row {
  span: TraceSpan;
  depth: number;
}

/** Parents before their children, siblings in the order of their beginnings; what is left out hands its children up. */
function tree(spans: readonly TraceSpan[]): Row[] {
  const known = new Set(spans.map(({ id }) => id));
  const children = Map.groupBy(spans, ({ parentId }) =>
    parentId !== null && known.has(parentId) ? parentId : null,
  );
  const below = (parentId: string | null, depth: number): Row[] =>
    (children.get(parentId) ?? [])
      .toSorted((a, b) => a.startMs - b.startMs)
      .flatMap((span) =>
        isTelling(span) ? [{ span, depth }, ...below(span.id, depth + 1)] : below(span.id, depth),
      );
  return below(null, 0);
}
