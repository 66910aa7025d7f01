import { expect, test } from '@jest/globals';
import { partOf } from '../../../house/generated.ts';
import { isThere, readSource } from '../../../house/source.ts';
import { performanceParts, readQuoted } from './docs.ts';
import { goodResults } from './good-report.ts';
import { plotOf } from './plot.ts';
import { summarise } from './report.ts';

/** Without the blanks and dashes with which a formatter lines tables up. */
const plain = (text = ''): string =>
  text
    .trim()
    .replaceAll(/ *\| */g, '|')
    .replaceAll(/:?-{3,}:?/g, '---');

test('When figures stand in the page, then they are those of the run that is quoted', async () => {
  const page = readSource('docs/performance.md').text;
  for (const [name, text] of Object.entries(performanceParts(await readQuoted())))
    expect([name, plain(partOf(page, name))]).toEqual([name, plain(text)]);
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
  for (const part of Object.values(performanceParts(null))) expect(part).toContain('Not measured yet');
});
