import { describe, expect, test } from '@jest/globals';
import { closeUp, drawSchedule } from './draw.ts';
import { shrink } from './shrink.ts';

const all = Array.from({ length: 64 }, (_, n) => n);

describe('When a failing schedule is shrunk', () => {
  test('then only what it fails by is left', async () => {
    const fails = async (items: readonly number[]) => items.includes(7) && items.includes(50);
    expect(await shrink(all, fails, 200)).toEqual([7, 50]);
  });

  test('then it ends with one that fails when its trials are over', async () => {
    let trials = 0;
    const fails = async (items: readonly number[]) => {
      trials++;
      return items.includes(7);
    };
    const left = await shrink(all, fails, 3);
    expect([trials, left.includes(7), left.length < all.length]).toEqual([3, true, true]);
  });
});

describe('When a schedule is drawn', () => {
  test('then the same seed gives the same one, and another seed another', () => {
    expect(drawSchedule(5, 60_000)).toEqual(drawSchedule(5, 60_000));
    expect(drawSchedule(5, 60_000)).not.toEqual(drawSchedule(6, 60_000));
  });

  test('then every kind of fault comes in ten minutes, in its order and in its time', () => {
    const steps = drawSchedule(1, 3_600_000);
    expect(new Set(steps.map(({ kind }) => kind)).size).toBe(15);
    expect(steps.map(({ atMs }) => atMs)).toEqual(steps.map(({ atMs }) => atMs).sort((a, b) => a - b));
    expect(steps.at(-1)?.atMs).toBeLessThan(3_600_000);
  });

  test('then what is left of it closes up, and a fault lasts as long as before', () => {
    const steps = drawSchedule(1, 600_000).filter(({ n }) => n % 40 === 1);
    const closed = closeUp(steps);
    expect(closed.map(({ forMs }) => forMs)).toEqual(steps.map(({ forMs }) => forMs));
    expect(closed.at(-1)?.atMs).toBeLessThan(60_000);
  });
});
