import { expect, test } from '@jest/globals';
import { partOf } from '../../../house/generated.ts';
import { isThere, readSource } from '../../../house/source.ts';
import { costOf } from './costs.ts';
import {
  costParts,
  overloadParts,
  performanceParts,
  readQuoted,
  readQuotedCosts,
  readQuotedOverload,
} from './docs.ts';
import { figures, goodResults } from './good-report.ts';
import { plotOf } from './plot.ts';
import { summarise } from './report.ts';

/** Without the blanks and dashes with which a formatter lines tables up. */
const plain = (text = ''): string =>
  text
    .trim()
    .replaceAll(/ *\| */g, '|')
    .replaceAll(/:?-{3,}:?/g, '---');

test('When figures stand in the page, then they are those of the run that is quoted', async () => {
  const pages = {
    'docs/performance.md': {
      ...performanceParts(await readQuoted()),
      ...costParts(await readQuotedCosts()),
    },
    'docs/overload.md': overloadParts(await readQuotedOverload()),
  };
  for (const [page, parts] of Object.entries(pages)) {
    const { text } = readSource(page);
    for (const [name, part] of Object.entries(parts))
      expect([page, name, plain(partOf(text, name))]).toEqual([page, name, plain(part)]);
  }
});

test('When a run is quoted, then the picture is drawn from it', async () => {
  const report = await readQuoted();
  expect(isThere('docs/performance.svg')).toBe(report !== null);
  if (report !== null) expect(readSource('docs/performance.svg').text).toBe(plotOf(report));
});

test('When a run is quoted, then its summary has ratio, range and machine', () => {
  const { summary } = performanceParts(summarise(goodResults()));
  expect(summary).toContain('**1.00 × the monolith** (0.90–1.20): 1,100 orders/s with 1,000 orders open');
  expect(summary).toContain('medians of 3 alternations');
});

test('When nothing was measured, then every part says so', () => {
  for (const part of Object.values({ ...performanceParts(null), ...overloadParts(null) }))
    expect(part).toContain('Not measured yet');
});

test('When a shop that costs more is loaded in turns with another, then each window is compared with its neighbour', () => {
  const window = (ordersPerSecond: number, cpuSecondsPer1000Orders: number) => ({
    ...figures(ordersPerSecond),
    cpuSecondsPer1000Orders,
  });
  const cost = costOf([
    { base: window(1_000, 2), changed: window(950, 2.1) },
    { base: window(500, 4), changed: window(475, 4.2) },
    { base: window(800, 2.5), changed: window(800, 2.5) },
  ]);
  expect(cost).toMatchObject({ pairs: 3, throughputPercent: 5, cpuPercent: 5 });
  expect(cost.base.ordersPerSecond).toBe(800);
});
