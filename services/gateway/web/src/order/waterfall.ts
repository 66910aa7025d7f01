import type { TraceSpan } from '@doorbuster/contracts';

/** A span with its place in the tree. */
export interface Bar extends TraceSpan {
  depth: number;
}

/** The spans as a tree that is read from above: children after their parent, in the order in which they began. */
export function barsOf(spans: readonly TraceSpan[]): Bar[] {
  const known = new Set(spans.map(({ id }) => id));
  const children = Map.groupBy(spans, ({ parentId }) =>
    parentId !== null && known.has(parentId) ? parentId : null,
  );
  const bars: Bar[] = [];
  const seen = new Set<string>();
  const add = (parent: string | null, depth: number): void => {
    const own = (children.get(parent) ?? []).toSorted((a, b) => a.startMs - b.startMs);
    for (const span of own) {
      if (seen.has(span.id)) continue;
      seen.add(span.id);
      bars.push({ ...span, depth });
      add(span.id, depth + 1);
    }
  };
  add(null, 0);
  return bars;
}

/** The end of the last span, ms; at least one, so that shares of it can be taken. */
export const lengthOf = (spans: readonly TraceSpan[]): number =>
  Math.max(1, ...spans.map(({ startMs, durationMs }) => startMs + durationMs));
