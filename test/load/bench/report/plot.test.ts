import { expect, test } from '@jest/globals';
import { goodResults } from './good-report.ts';
import { draw, plotOf } from './plot.ts';
import { summarise } from './report.ts';

const series = (points: [number, number][]) => [{ name: 'a < b & c', colour: '#123456', points }];
const circles = (svg: string) =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);

test('When points are drawn, then they stand where the axes say', () => {
  const points: [number, number][] = [
    [0, 0],
    [50, 5],
    [100, 10],
  ];
  const [from = [], middle = [], to = []] = circles(
    draw([{ title: 't', x: 'x', y: 'y', series: series(points) }]),
  );
  // The box of a panel: from its axes' corner at the lower left to its upper right.
  expect(from).toEqual([62, 276]);
  expect(to).toEqual([444, 34]);
  expect(middle).toEqual([253, 155]);
});

test('When a scale is logarithmic, then each decade is as high as the next', () => {
  const points: [number, number][] = [
    [0, 1],
    [1, 10],
    [2, 100],
  ];
  const panel = { title: 't', x: 'x', y: 'y', isLog: true, series: series(points) };
  const heights = circles(draw([panel])).map(([, y = 0]) => y);
  expect(heights).toEqual([276, 155, 34]);
});

test('When a text has signs of markup in it, then they are escaped', () => {
  expect(draw([{ title: 't', x: 'x', y: 'y', series: series([[1, 1]]) }])).toContain('a &lt; b &amp; c');
});

test('When a report is drawn, then both sides are in both panels, and every tag is closed', () => {
  const svg = plotOf(summarise(goodResults()));
  expect(svg.match(/<polyline/g)).toHaveLength(6);
  for (const name of ['shop', 'monolith', 'shop p50', 'shop p99', 'monolith p50', 'monolith p99'])
    expect(svg).toContain(`>${name}</text>`);
  for (const tag of ['svg', 'g', 'text'])
    expect(svg.match(new RegExp(`<${tag}[ >]`, 'g'))?.length).toBe(
      svg.match(new RegExp(`</${tag}>`, 'g'))?.length,
    );
  expect(svg).not.toContain('NaN');
});
