import { failpoints } from '@doorbuster/telemetry';
import { expect, test } from '@jest/globals';
import { chosen, matrix } from './matrix.ts';

test('When a border is named, then the matrix has it', () => {
  expect(new Set(matrix.map(({ failpoint }) => failpoint))).toEqual(new Set(failpoints));
});

test('When some are chosen, then they are of the matrix, and every service is among them', () => {
  expect(matrix).toEqual(expect.arrayContaining([...chosen]));
  const servicesOf = (points: typeof matrix) => new Set(points.map(({ service }) => service));
  expect(servicesOf(chosen)).toEqual(servicesOf(matrix));
});
