import { describe, expect, test } from '@jest/globals';
import {
  arrows,
  compensating,
  drawArrow,
  meanings,
  tall,
  wide,
} from '../../services/gateway/web/src/order/saga-map.ts';
import { checkout } from '../../services/order/src/checkout.saga.ts';

describe('When the page draws the checkout saga', () => {
  const states = Object.keys(checkout.states).sort();

  test('then it draws its states, and no others', () => {
    expect(Object.keys(meanings).sort()).toEqual(states);
    expect(Object.keys(wide.places).sort()).toEqual(states);
    expect(Object.keys(tall.places).sort()).toEqual(states);
    expect(states).toEqual(expect.arrayContaining([...compensating]));
  });

  test('then it draws its moves, each with what takes it', () => {
    const moves = Object.entries(checkout.states).flatMap(([from, rows]) =>
      Object.entries(rows).flatMap(([on, row]) => (row.kind === 'move' ? [{ from, to: row.to, on }] : [])),
    );
    const key = ({ from, to, on }: { from: string; to: string; on: string }) => `${from} ${on} ${to}`;
    expect(arrows.map(key).sort()).toEqual(moves.map(key).sort());
  });

  test.each([
    ['wide', wide],
    ['tall', tall],
  ])('then all of the %s picture is on the paper, and no state stands on another', (_name, map) => {
    const { width, height } = map.node;
    const places = Object.values(map.places);
    for (const [n, { x, y }] of places.entries()) {
      expect(x - width / 2).toBeGreaterThanOrEqual(0);
      expect(x + width / 2).toBeLessThanOrEqual(map.width);
      expect(y - height / 2).toBeGreaterThanOrEqual(0);
      expect(y + height / 2).toBeLessThanOrEqual(map.height);
      for (const other of places.slice(n + 1))
        expect(Math.abs(x - other.x) >= width || Math.abs(y - other.y) >= height).toBe(true);
    }
    for (const arrow of arrows) expect(drawArrow(map, arrow).d).toMatch(/^M-?[\d.]+ -?[\d.]+[LQ]/);
  });
});
