import type { Mark } from '@doorbuster/contracts';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { useMedia } from '../kit/media.ts';
import { useSeen } from '../kit/seen.ts';
import { chartOptions } from './chart-options.ts';
import { colourOf } from './chart-paint.ts';
import { columnsOf, hasMoved, type Moment, type Pick } from './history.ts';

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
  history: readonly Moment[];
  marks: readonly Mark[];
}

/** What is on the canvas: these marks, and what came until then, s. */
export interface Drawn {
  marks: readonly Mark[];
  upTo?: number | undefined;
}

/** Lines over the last minutes, and the numbers under the pointer, or the latest. */
export function Chart({ look, history, marks }: ChartData & { look: Look }) {
  const { title, lines, format, height } = look;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const drawn = useRef<Drawn>({ marks });
  const [at, setAt] = useState<number | null>(null);
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const isSeen = useSeen(place);
  const picks = useMemo(() => lines.map(({ pick }) => pick), [lines]);

  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const width = element.clientWidth;
    const made = new uPlot(chartOptions(look, { width, drawn, setAt }), undefined, element);
    plot.current = made;
    drawn.current = { marks };
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
    };
    // Colours are read when it is made, so another scheme makes another one.
  }, [look, height, isDark]);

  // Drawn before the browser paints, so that the lines and the numbers above them are one frame.
  useLayoutEffect(() => {
    if (plot.current === undefined || (!isSeen && drawn.current.upTo !== undefined)) return;
    const isMarked = marks.at(-1)?.at !== drawn.current.marks.at(-1)?.at;
    if (!isMarked && !hasMoved(history, drawn.current.upTo, plot.current.width)) return;
    drawn.current = { marks, upTo: history.at(-1)?.at };
    plot.current.setData(columnsOf(history, picks));
  });

  const numbers = lines.map(({ pick }, n) => {
    const latest = history.at(-1);
    return at === null ? latest && pick(latest) : plot.current?.data[n + 1]?.[at];
  });
  return (
    <figure class="chart" aria-label={title}>
      <figcaption>
        <h2>{title}</h2>
        <ul class="legend">
          {lines.map(({ label, colour, isDashed }, n) => (
            <li key={label}>
              <i data-dashed={isDashed} style={{ color: colourOf(colour) }} aria-hidden="true" />
              {label} <b>{written(numbers[n], format)}</b>
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
