import { describe, expect, test } from '@jest/globals';
import { createGather, Overloaded } from '../src/gather.ts';

interface Piece {
  kind: string;
  weight: number;
  name: string;
}

const request = (name: string): Piece => ({ kind: 'request', weight: 1, name });
const message = (name: string, weight = 1): Piece => ({ kind: 'message', weight, name });
const limits = { inputs: 10, weight: 100, waitingRequests: 5 };

/** A gather whose transactions end when the test says so. */
function held() {
  const batches: string[][] = [];
  const ends: (() => void)[] = [];
  const gather = createGather<Piece, string>(async (inputs) => {
    batches.push(inputs.map(({ name }) => name));
    await new Promise<void>((resolve) => ends.push(resolve));
    return inputs.map(({ name }) => name.toUpperCase());
  }, limits);
  const next = async () => {
    while (ends.length === 0) await new Promise((resolve) => setImmediate(resolve));
    ends.shift()?.();
  };
  return { gather, batches, next };
}

describe('When inputs come', () => {
  test('while a transaction is under way, then they are the next one', async () => {
    const { gather, batches, next } = held();
    const first = gather.push(message('a'));
    while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const rest = ['b', 'c', 'd'].map((name) => gather.push(message(name)));
    await next();
    expect(await first).toBe('A');
    await next();
    expect(await Promise.all(rest)).toEqual(['B', 'C', 'D']);
    expect(batches).toEqual([['a'], ['b', 'c', 'd']]);
  });

  test('of both kinds, then what finishes orders goes before new ones', async () => {
    const { gather, batches, next } = held();
    const all = [request('new'), message('old'), request('newer')].map((input) => gather.push(input));
    await next();
    await Promise.all(all);
    expect(batches).toEqual([['old', 'new', 'newer']]);
  });

  test('in great number or weight, then a batch is bounded by both', async () => {
    const { gather, batches, next } = held();
    const all = [
      message('heavy', 99),
      message('light', 1),
      message('more', 1),
      message('whale', 500),
      message('z', 1),
    ];
    const pushed = all.map((input) => gather.push(input));
    for (let batch = 0; batch < 4; batch++) await next();
    await Promise.all(pushed);
    expect(batches).toEqual([['heavy', 'light'], ['more'], ['whale'], ['z']]);
  });

  test('as requests beyond the limit, then they are refused and messages are not', async () => {
    const { gather, next } = held();
    const taken = Array.from({ length: 5 }, (_, n) => gather.push(request(`r${n}`)));
    await expect(gather.push(request('one more'))).rejects.toThrow(Overloaded);
    const urgent = gather.push(message('m'));
    await next();
    await Promise.all([...taken, urgent]);
  });
});

test('When a transaction fails for good, then all of its inputs hear of it and the next goes on', async () => {
  let calls = 0;
  const gather = createGather<Piece, string>(async (inputs) => {
    calls++;
    if (calls === 1) throw new Error('no');
    return inputs.map(() => 'yes');
  }, limits);
  const failed = await Promise.allSettled([gather.push(message('a')), gather.push(message('b'))]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await gather.push(message('c'))).toBe('yes');
  await gather.idle();
});
