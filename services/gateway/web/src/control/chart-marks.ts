import type { Mark } from '@doorbuster/contracts';
import type uPlot from 'uplot';
import { paintOf, textPx } from './chart-paint.ts';

const rows = 2;
const textMax = 28;

/** Draws a line for each thing that somebody did; texts only where there is room, the latest first. */
export function drawMarks(plot: uPlot, marks: readonly Mark[], hasTexts: boolean): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  const ink = paintOf('ink');
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, 0, bbox.width, bbox.top + bbox.height);
  ctx.clip();
  const size = textPx() * scale;
  ctx.font = `${size}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  ctx.lineWidth = scale;
  // The left end of the last text in each row, so that none is written over another.
  const taken = Array<number>(rows).fill(Infinity);
  for (const { at, text } of marks.toReversed()) {
    const x = Math.round(plot.valToPos(Date.parse(at) / 1_000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ink;
    ctx.globalAlpha = 0.45;
    ctx.setLineDash([2 * scale, 3 * scale]);
    ctx.beginPath();
    ctx.moveTo(x, hasTexts ? 0 : bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (!hasTexts) continue;
    const label = text.length > textMax ? `${text.slice(0, textMax - 1)}…` : text;
    const width = ctx.measureText(label).width + 6 * scale;
    const isAtEnd = x + width > bbox.left + bbox.width;
    const left = isAtEnd ? x - width : x;
    const row = taken.findIndex((from) => left + width <= from);
    if (row === -1) continue;
    taken[row] = left;
    ctx.globalAlpha = 0.8;
    ctx.fillStyle = ink;
    ctx.fillText(label, left + 4 * scale, row * size * 1.2);
  }
  ctx.restore();
}
