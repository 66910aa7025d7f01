import type { ControlSnapshot, Mark } from '@doorbuster/contracts';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { useMedia } from '../kit/media.ts';
import { chartOptions } from './chart-options.ts';
import { colourOf } from './chart-paint.ts';
import { columnsOf, type Pick } from './history.ts';

export interface Line {
  label: string;
  pick: Pick;
  /** A custom property of the page’s style. */
  colour: string;
  isDashed?: boolean;
  isFilled?: boolean;
}

/** What a chart shows and how; it never changes. */
export interface Look {
  title: string;
  lines: readonly Line[];
  format(value: number): string;
  /** The least that the axis reaches up to. */
  least: number;
  /** Between the numbers of the axis, where round decimal ones would look odd. */
  steps?: readonly number[];
  height: number;
  /** Whether the marks bear their texts here. */
  isMain?: boolean;
}

export interface ChartData {
  history: readonly ControlSnapshot[];
  marks: readonly Mark[];
}

/** Lines over the last minutes, and the numbers under the pointer, or the latest. */
export function Chart({ look, history, marks }: ChartData & { look: Look }) {
  const { title, lines, format, height } = look;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const drawnMarks = useRef(marks);
  const [at, setAt] = useState<number | null>(null);
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const picks = useMemo(() => lines.map(({ pick }) => pick), [lines]);
  const data = useMemo(() => columnsOf(history, picks), [history, picks]);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const width = element.clientWidth;
    const made = new uPlot(chartOptions(look, { width, marks: drawnMarks, setAt }), undefined, element);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
    };
    // Colours are read when it is made, so another scheme makes another one.
  }, [look, height, isDark]);

  // An effect runs once a frame at most, however many snapshots came; in a hidden tab there is nothing to draw.
  useEffect(() => {
    drawnMarks.current = marks;
    if (!document.hidden) plot.current?.setData(data);
  }, [data, marks, isDark]);

  const index = at ?? data[0].length - 1;
  return (
    <figure class="chart" aria-label={title}>
      <figcaption>
        <h2>{title}</h2>
        <ul class="legend">
          {lines.map(({ label, colour, isDashed }, n) => (
            <li key={label}>
              <i data-dashed={isDashed} style={{ color: colourOf(colour) }} aria-hidden="true" />
              {label} <b>{written(data[n + 1]?.[index], format)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={place} class="plot" style={{ height: `${height}px` }} aria-hidden="true" />
    </figure>
  );
}

const written = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value);
