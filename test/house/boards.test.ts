import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { askedBy, Board, linksOf, misplaced } from './board.ts';
import { boards } from './observability.ts';
import { readSource } from './source.ts';

const all = boards();
const [first] = all;
if (first === undefined) throw new Error('There is no board');

const Provisioned = z.object({
  datasources: z.array(z.object({ uid: z.string(), type: z.string(), url: z.url() })),
});
const { datasources } = Provisioned.parse(
  parse(readSource('observability/grafana/provisioning/datasources/datasources.yml').text),
);

describe('When Grafana loads the boards', () => {
  test('then each has what Grafana needs, and its own uid', () => {
    expect(all.map(({ file }) => file.split('/').at(-1))).toEqual([
      'black-friday.json',
      'kafka-and-postgresql.json',
      'service.json',
    ]);
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
  });

  test('then every panel has a number of its own, and every target of it a letter', () => {
    for (const { file, panels } of all) {
      expect([file, new Set(panels.map(({ id }) => id)).size]).toEqual([file, panels.length]);
      for (const panel of panels) {
        const letters = panel.type === 'row' ? [] : panel.targets.map(({ refId }) => refId);
        expect([file, panel.title, new Set(letters).size]).toEqual([file, panel.title, letters.length]);
      }
    }
  });

  test('then no panel is upon another or out of the grid', () => {
    expect(all.flatMap(misplaced)).toEqual([]);
  });

  test('then a panel that is upon another, or out of the grid, is found', () => {
    const at = (x: number, y: number) => ({
      ...structuredClone(first.panels[0]),
      gridPos: { x, y, w: 12, h: 4 },
    });
    const board = (...panels: unknown[]) => Board.parse({ ...first, panels });
    expect(misplaced(board(at(0, 0), at(12, 0), at(0, 4)))).toEqual([]);
    expect(misplaced(board(at(0, 0), at(11, 3)))).toHaveLength(1);
    expect(misplaced(board(at(13, 0)))).toHaveLength(1);
  });

  test('then every data source that a board asks is provisioned', () => {
    const known = datasources.map(({ uid }) => uid);
    for (const board of all) expect(known).toEqual(expect.arrayContaining(askedBy(board)));
  });

  test.each([
    ['no description', { description: '' }],
    ['no unit', { fieldConfig: { defaults: {}, overrides: [] } }],
    ['no question', { targets: [] }],
  ])('then a panel with %s is refused', (_what, fault) => {
    const [panel] = first.panels;
    expect(Board.safeParse({ ...first, panels: [{ ...panel, ...fault }] }).success).toBe(false);
  });
});

describe('When somebody follows a link of a board', () => {
  const parameters = new Set(['service', 'operation', 'minDuration', 'tags', 'lookback', 'start', 'end']);

  test('then it is a search of Jaeger for the time that the board shows', () => {
    for (const board of all) {
      const links = linksOf(board);
      expect(links.length).toBeGreaterThan(0);
      for (const { origin, pathname, searchParams } of links) {
        expect([origin, pathname]).toEqual(['http://localhost:16686', '/search']);
        expect([...searchParams.keys()].filter((name) => !parameters.has(name))).toEqual([]);
        expect(Object.fromEntries(searchParams)).toMatchObject({
          service: expect.stringMatching(/./),
          lookback: 'custom',
          start: '1000',
          end: '1000',
        });
        JSON.parse(searchParams.get('tags') ?? '{}');
      }
    }
  });
});
