import type uPlot from 'uplot';
import { timeOfDay } from '../kit/format.ts';
import type { Drawn, Line, Look } from './chart.tsx';
import { drawMarks } from './chart-marks.ts';
import { paintOf, textPx } from './chart-paint.ts';
import { windowOf } from './history.ts';

interface Wiring {
  width: number;
  drawn: { readonly current: Drawn };
  /** Told which column the pointer is over. */
  setAt(index: number | null): void;
}

/** The time of day; seconds only where they say something. */
function clock(seconds: number): string {
  const text = timeOfDay(new Date(seconds * 1_000).toISOString());
  return text.endsWith(':00') ? text.slice(0, 5) : text;
}

/** How all charts look. */
export function chartOptions(look: Look, { width, drawn, setAt }: Wiring): uPlot.Options {
  const { lines, format, least, steps, height, isMain = false } = look;
  const text = textPx();
  const font = `${text}px system-ui, sans-serif`;
  const grid = { stroke: paintOf('line'), width: 1 };
  const axis: uPlot.Axis = { stroke: paintOf('soft'), font, grid, ticks: { show: false } };
  const times: uPlot.Axis = {
    ...axis,
    incrs: [10, 15, 30, 60, 120],
    space: 6.5 * text,
    size: 2.6 * text,
    gap: 8,
    values: (_plot, splits) => splits.map(clock),
  };
  const values: uPlot.Axis = {
    ...axis,
    size: 5 * text,
    gap: 6,
    space: isMain ? 36 : 30,
    values: (_plot, splits) => splits.map((value) => format(value)),
    ...(steps && { incrs: [...steps] }),
  };
  return {
    width,
    height,
    padding: [isMain ? 2.8 * text : 8, 1.8 * text, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'control' }, points: { size: 6 } },
    scales: {
      x: {
        range: ({ data: [xs] }) => windowOf(xs[0], xs.at(-1), Date.now() / 1_000),
      },
      y: { range: (_plot, _low, high) => [0, Math.max(least, (high ?? 0) * 1.12)] },
    },
    axes: [times, values],
    series: [{}, ...lines.map(ofLine)],
    hooks: {
      draw: [(plot) => drawMarks(plot, drawn.current.marks, isMain)],
      setCursor: [({ cursor }) => setAt(cursor.idx ?? null)],
    },
  };
}

function ofLine({ colour, isDashed = false, isFilled = false }: Line): uPlot.Series {
  return {
    stroke: paintOf(colour),
    width: 1.75,
    points: { show: false },
    ...(isDashed && { dash: [4, 3] }),
    ...(isFilled && { fill: paintOf(`${colour}-wash`) }),
  };
}
