import { expect, test } from '@jest/globals';
import { goodResults } from './good-report.ts';
import { summarise } from './report.ts';
import { tablesOf, toMarkdown, toText } from './table.ts';

const tables = tablesOf(summarise(goodResults()));

test('When saturation is told, then each side has a row for each number of open orders', () => {
  expect(tables.saturation.rows.map((row) => row.slice(0, 4))).toEqual([
    ['shop', '64', '300', '290–310'],
    ['shop', '256', '640', '600–650'],
    ['shop', '1,000', '1,100', '900–1,200'],
    ['monolith', '64', '1,000', '900–1,000'],
    ['monolith', '256', '950', '900–1,100'],
    ['monolith', '1,000', '600', '500–700'],
  ]);
});

test('When a side does not have what the other has, then its cell stays empty', () => {
  const results = goodResults();
  for (const run of results.runs.monolith)
    for (const figures of run.saturation) figures.cpuByProcess = { 'monolith-1': 0.5 };
  const { rows } = tablesOf(summarise(results)).cost;
  expect(rows.slice(0, 4)).toEqual([
    ['CPU-s per 1,000 orders', '2.00', '2.00'],
    ['… postgres', '1.25', ''],
    ['… order-1', '0.75', ''],
    ['… monolith-1', '', '0.50'],
  ]);
});

test('When a table is printed, then numbers stand under each other, and a document gets the same', () => {
  const table = {
    title: 'T',
    head: ['', 'n'],
    rows: [
      ['a', '5'],
      ['bb', '1,000'],
    ],
  };
  expect(toText(table)).toBe(['T', '      n', '  a       5', '  bb  1,000'].join('\n'));
  expect(toMarkdown(table)).toBe('|  | n |\n| --- | ---: |\n| a | 5 |\n| bb | 1,000 |');
});
