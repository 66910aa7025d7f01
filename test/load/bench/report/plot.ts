import type { BenchReport, OpenLoop } from './report.ts';
import { sidesOf } from './table.ts';

export interface Series {
  name: string;
  colour: string;
  dashed?: boolean;
  points: [x: number, y: number][];
}

export interface Panel {
  title: string;
  x: string;
  y: string;
  /** Latencies go over decades, so their scale is logarithmic. */
  isLog?: boolean;
  series: Series[];
}

const size = { width: 460, height: 320 };
const margin = { left: 62, right: 16, top: 34, bottom: 44 };
const ticks = 5;
const legendLine = 15;

/** Throughput and latency against the offered load, of both sides. */
export function plotOf(report: BenchReport): string {
  const colours: Record<string, string> = { shop: '#0072b2', monolith: '#d55e00' };
  const lines = (of: (row: OpenLoop) => number, suffix: string, dashed: boolean): Series[] =>
    sidesOf(report).map(([name, { openLoop }]) => ({
      name: `${name}${suffix}`,
      colour: colours[name] ?? '#000000',
      dashed,
      points: openLoop
        .map((row): [number, number] => [row.offeredPerS, of(row)])
        .toSorted(([a], [b]) => a - b),
    }));
  return draw([
    {
      title: 'Confirmed against offered',
      x: 'offered orders/s',
      y: 'confirmed orders/s',
      series: lines(({ confirmedPerS }) => confirmedPerS, '', false),
    },
    {
      title: 'From the scheduled send to confirmed',
      x: 'offered orders/s',
      y: 'ms, logarithmic',
      isLog: true,
      series: [...lines(({ p50 }) => p50, ' p50', false), ...lines(({ p99 }) => p99, ' p99', true)],
    },
  ]);
}

/** Draws panels side by side as an SVG picture. */
export function draw(panels: Panel[]): string {
  const width = size.width * panels.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${size.height}" width="${width}" ` +
      `height="${size.height}" font-family="sans-serif" font-size="11" fill="#222222">`,
    '<title>Throughput and latency against the offered load</title>',
    `<rect width="${width}" height="${size.height}" fill="#ffffff"/>`,
    ...panels.map((panel, n) => `<g transform="translate(${n * size.width} 0)">${drawPanel(panel)}</g>`),
    '</svg>',
    '',
  ].join('\n');
}

interface Scale {
  /** Where a value stands, in the picture's units. */
  place(value: number): number;
  ticks: number[];
}

function drawPanel(panel: Panel): string {
  const points = panel.series.flatMap((series) => series.points);
  const box = { right: size.width - margin.right, bottom: size.height - margin.bottom };
  const x = linear(
    points.map(([value]) => value),
    margin.left,
    box.right,
  );
  const values = points.map(([, value]) => value);
  const y = (panel.isLog ? logarithmic : linear)(values, box.bottom, margin.top);
  return [
    text(size.width / 2, 18, panel.title, 'middle', 'font-weight="bold" font-size="13"'),
    ...x.ticks.map((tick) => text(x.place(tick), box.bottom + 16, label(tick), 'middle')),
    ...y.ticks.map((tick) => {
      const at = y.place(tick);
      return `<path d="M${margin.left} ${fix(at)}H${box.right}" stroke="#dddddd"/>${text(margin.left - 6, at + 4, label(tick), 'end')}`;
    }),
    `<path d="M${margin.left} ${margin.top}V${box.bottom}H${box.right}" stroke="#222222" fill="none"/>`,
    text((margin.left + box.right) / 2, size.height - 10, panel.x, 'middle'),
    text(0, 0, panel.y, 'middle', `transform="translate(14 ${(margin.top + box.bottom) / 2}) rotate(-90)"`),
    ...panel.series.map((series) => drawSeries(series, x, y)),
    ...panel.series.map((series, n) => drawLegend(series, n)),
  ].join('\n');
}

function drawSeries({ colour, dashed = false, points }: Series, x: Scale, y: Scale): string {
  const places = points.map(([a, b]) => `${fix(x.place(a))},${fix(y.place(b))}`);
  const dash = dashed ? ' stroke-dasharray="5 3"' : '';
  const dots = places.map((place) => {
    const [cx = '', cy = ''] = place.split(',');
    return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`;
  });
  return `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>${dots.join('')}`;
}

function drawLegend({ name, colour, dashed = false }: Series, n: number): string {
  const y = margin.top + 10 + n * legendLine;
  const dash = dashed ? ' stroke-dasharray="5 3"' : '';
  const x = margin.left + 10;
  return `<path d="M${x} ${y - 4}h22" stroke="${colour}" stroke-width="2"${dash}/>${text(x + 28, y, name, 'start')}`;
}

/** From zero to a round number above the highest value. */
function linear(values: number[], from: number, to: number): Scale {
  const highest = Math.max(1, ...values);
  const step = roundUp(highest / ticks);
  const top = step * Math.ceil(highest / step);
  return {
    place: (value) => from + (value / top) * (to - from),
    ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, n) => n * step),
  };
}

/** From the power of ten below the lowest value to the one above the highest. */
function logarithmic(values: number[], from: number, to: number): Scale {
  const exponents = values.filter((value) => value > 0).map(Math.log10);
  const low = Math.floor(Math.min(0, ...exponents));
  const high = Math.max(low + 1, Math.ceil(Math.max(...exponents, 0)));
  return {
    place: (value) => from + ((Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)) * (to - from),
    ticks: Array.from({ length: high - low + 1 }, (_, n) => 10 ** (low + n)),
  };
}

/** The next of 1, 2 and 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10);
}

const fix = (value: number): string => value.toFixed(1);
const label = (value: number): string => value.toLocaleString('en-GB');

function text(x: number, y: number, content: string, anchor: string, more = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${fix(x)}" y="${fix(y)}" text-anchor="${anchor}"${more === '' ? '' : ` ${more}`}>${escaped}</text>`;
}
