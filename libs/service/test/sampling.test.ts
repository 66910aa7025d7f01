import { afterEach, expect, test } from '@jest/globals';
import { followTraceShare, isTraced } from '../src/sampling.ts';

afterEach(() => followTraceShare(() => 0));

/** How many of a thousand requests without a trace begin one. */
const begun = (): number => Array.from({ length: 1_000 }, () => isTraced({})).filter(Boolean).length;

test('When the share changes, then the next request begins a trace by the new one', () => {
  let share = 0;
  followTraceShare(() => share);
  expect(begun()).toBe(0);
  share = 1;
  expect(begun()).toBe(1_000);
  share = 0.25;
  expect(begun()).toBe(250);
  share = 0;
  expect(begun()).toBe(0);
});

test.each([0, 1])(
  'When a request comes with a trace and the share is %s, then its sender has decided',
  (share) => {
    followTraceShare(() => share);
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7';
    expect(isTraced({ traceparent: `${trace}-01` })).toBe(true);
    expect(isTraced({ traceparent: `${trace}-00` })).toBe(false);
  },
);
