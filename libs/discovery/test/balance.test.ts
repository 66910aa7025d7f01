import { describe, expect, test } from '@jest/globals';
import { createBalancer, type Instance, type Outcome, Silent, type Try } from '../src/index.ts';

const instance = (n: number): Instance => ({ id: `order-${n}`, origin: `http://127.0.0.1:${n}` });
const [one, two, three] = [instance(1), instance(2), instance(3)];

/** A balancer whose clock, registry and probes are the test's. */
function balancerOf(...known: Instance[]) {
  const clock = { nowMs: 0 };
  const registry = { known };
  const ready = new Set(known.map(({ id }) => id));
  const hung = new Set<string>();
  const notices: string[] = [];
  const watched = { instances: () => registry.known, close: () => undefined };
  const balancer = createBalancer(watched, {
    probe({ id }) {
      if (hung.has(id)) return new Promise(() => undefined);
      return Promise.resolve(ready.has(id) ? 'ready' : 'not ready');
    },
    onEjected: ({ id }, cause, forMs) => notices.push(`${id} out, ${cause}, ${forMs}`),
    onReturned: ({ id }, _cause, awayMs) => notices.push(`${id} back after ${awayMs}`),
    now: () => clock.nowMs,
  });
  const begin = (isRepeatable = true): Try => {
    const begun = balancer.begin({ isRepeatable });
    if (begun === undefined) throw new Error('Nobody is there');
    return begun;
  };
  /** Who gets each of so many requests that end before the next begins. */
  const served = (count: number, outcome: Outcome = 'answered') =>
    Array.from({ length: count }, () => {
      const begun = begin();
      begun.ended(outcome);
      begun.closed();
      return begun.instance.id;
    });
  const later = async (ms: number) => {
    clock.nowMs += ms;
    // Not awaited: the probe of an instance that hangs does not end.
    void balancer.tick();
    await new Promise(setImmediate);
  };
  /** Ends tries at this instance so. */
  const endAt = (id: string, ...outcomes: Outcome[]) => {
    const except = new Set(known.filter((other) => other.id !== id).map(({ origin }) => origin));
    for (const outcome of outcomes) {
      const begun = balancer.begin({ isRepeatable: true, except });
      if (begun === undefined) throw new Error(`${id} gets nothing`);
      begun.ended(outcome);
    }
  };
  const stateOf = (id: string) => balancer.view().find((seen) => seen.id === id)?.state;
  return { balancer, begin, served, later, endAt, stateOf, registry, ready, hung, notices };
}

describe('When instances are healthy', () => {
  test('then they take turns', () => {
    const { served } = balancerOf(one, two);
    const ids = served(4);
    expect(new Set(ids.slice(0, 2))).toEqual(new Set(['order-1', 'order-2']));
    expect(ids.slice(2)).toEqual(ids.slice(0, 2));
  });

  test('and one keeps what it is given, then the others get the rest', () => {
    const { begin, served } = balancerOf(one, two);
    const slow = begin().instance.id;
    expect(served(5)).not.toContain(slow);
  });

  test('and the one that was tried is not wanted, then it is another one, or none', () => {
    const { balancer } = balancerOf(one, two);
    const wish = { isRepeatable: true, except: new Set([one.origin]) };
    expect(balancer.begin(wish)?.instance).toBe(two);
    wish.except.add(two.origin);
    expect(balancer.begin(wish)).toBeUndefined();
  });

  test('and the one that was tried is the only one, then the other is not used because of that', () => {
    const { balancer, endAt } = balancerOf(one, two);
    endAt('order-2', 'refused');
    expect(balancer.begin({ isRepeatable: true, except: new Set([one.origin]) })).toBeUndefined();
  });
});

test('When the registry names nobody, then there is nobody', () => {
  expect(balancerOf().balancer.begin({ isRepeatable: true })).toBeUndefined();
});

describe('When an instance refuses a connection', () => {
  test('then it is passed over until its time is over and it says that it is ready', async () => {
    const { served, endAt, later, ready, notices } = balancerOf(one, two);
    ready.delete('order-1');
    endAt('order-1', 'refused');
    expect(served(3)).toEqual(['order-2', 'order-2', 'order-2']);
    await later(1_000);
    expect(served(3)).not.toContain('order-1');
    ready.add('order-1');
    await later(250);
    expect(served(2)).toContain('order-1');
    expect(notices).toEqual(['order-1 out, refused, 1000', 'order-1 back after 1250']);
  });

  test('then it is not asked before its time is over', async () => {
    const { served, endAt, later } = balancerOf(one, two);
    endAt('order-1', 'refused');
    await later(999);
    expect(served(3)).not.toContain('order-1');
  });

  test('again and again, then it is passed over twice as long each time, up to a limit', async () => {
    const { endAt, later, notices } = balancerOf(one, two);
    for (let n = 0; n < 7; n++) {
      endAt('order-1', 'refused');
      await later(30_000);
    }
    const times = notices.flatMap((notice) => /out, refused, (\d+)/.exec(notice)?.[1] ?? []);
    expect(times).toEqual(['1000', '2000', '4000', '8000', '16000', '30000', '30000']);
  });

  test('after a minute in which it was good, then that begins anew', async () => {
    const { endAt, later, notices } = balancerOf(one, two);
    endAt('order-1', 'refused');
    await later(1_000);
    await later(60_001);
    endAt('order-1', 'refused');
    expect(notices.at(-1)).toBe('order-1 out, refused, 1000');
  });

  test('and the registry forgets and names it again, then it starts with a clean sheet', async () => {
    const { endAt, later, stateOf, registry } = balancerOf(one, two);
    endAt('order-1', 'refused');
    registry.known = [two];
    await later(1);
    registry.known = [one, two];
    expect(stateOf('order-1')).toBe('in');
  });
});

describe('When an instance fails', () => {
  test('five times in a row, then it is passed over', () => {
    const { endAt, served, notices } = balancerOf(one, two);
    endAt('order-1', 'failed', 'broken', 'failed', 'broken', 'failed');
    expect(served(3)).not.toContain('order-1');
    expect(notices).toEqual(['order-1 out, failing, 1000']);
  });

  test('four times, then succeeds, then it stays', () => {
    const { endAt, stateOf } = balancerOf(one, two);
    const four: Outcome[] = ['failed', 'failed', 'failed', 'failed'];
    endAt('order-1', ...four, 'answered', ...four);
    expect(stateOf('order-1')).toBe('in');
  });

  test('and so do the others, then no more than half are passed over', () => {
    const { served, balancer } = balancerOf(one, two, three);
    served(60, 'failed');
    expect(balancer.view().filter(({ state }) => state !== 'in')).toHaveLength(1);
  });

  test('and there is no other one, then it stays', () => {
    const { served } = balancerOf(one);
    served(20, 'failed');
    expect(served(1)).toEqual(['order-1']);
  });

  test('and says that it is ready, then one request that may be repeated decides', async () => {
    const { endAt, begin, later, stateOf } = balancerOf(one, two);
    endAt('order-1', 'failed', 'failed', 'failed', 'failed', 'failed');
    await later(1_000);
    expect(begin(false).instance).toBe(two);
    const trial = begin();
    expect(trial.instance).toBe(one);
    expect([begin().instance, begin().instance]).toEqual([two, two]);
    trial.ended('answered');
    expect(stateOf('order-1')).toBe('in');
  });

  test('and fails its trial, then it is passed over for longer', async () => {
    const { begin, endAt, later, notices } = balancerOf(one, two);
    endAt('order-1', 'failed', 'failed', 'failed', 'failed', 'failed');
    await later(1_000);
    begin().ended('broken');
    expect(notices.at(-1)).toBe('order-1 out, failing, 2000');
  });
});

describe('When an instance hangs', () => {
  test('then it is passed over after four ticks, and whoever waits for it is let go', async () => {
    const { begin, served, later, hung } = balancerOf(one, two);
    const waiting = [begin(), begin()].find((begun) => begun.instance === one);
    hung.add('order-1');
    for (let n = 0; n < 3; n++) await later(250);
    expect(waiting?.abort.signal.aborted).toBe(false);
    await later(250);
    expect(waiting?.abort.signal.reason).toBeInstanceOf(Silent);
    waiting?.ended('dropped');
    expect(served(3)).not.toContain('order-1');
  });

  test('while nobody asks anything of it, then it is found out by the question whether it is ready', async () => {
    const { later, stateOf, hung } = balancerOf(one, two);
    hung.add('order-1');
    for (let n = 0; n < 5; n++) await later(250);
    expect(stateOf('order-1')).toBe('out');
  });

  test('but answers somebody in every tick, then it is slow and stays', async () => {
    const { begin, endAt, later, stateOf, hung } = balancerOf(one);
    const waiting = begin();
    hung.add('order-1');
    for (let n = 0; n < 20; n++) {
      endAt('order-1', 'answered');
      await later(250);
    }
    expect([waiting.abort.signal.aborted, stateOf('order-1')]).toEqual([false, 'in']);
  });

  test('in the middle of an answer, then that is cut off, too', async () => {
    const { begin, later, hung } = balancerOf(one, two);
    const stream = [begin(), begin()].find((begun) => begun.instance === one);
    stream?.ended('answered');
    hung.add('order-1');
    for (let n = 0; n < 6; n++) await later(250);
    expect(stream?.abort.signal.aborted).toBe(true);
  });

  test('and there is no other one, then whoever waits goes on waiting, and it is used all the same', async () => {
    const { begin, later, stateOf, hung } = balancerOf(one);
    const waiting = begin();
    hung.add('order-1');
    for (let n = 0; n < 5; n++) await later(250);
    expect([stateOf('order-1'), waiting.abort.signal.aborted]).toEqual(['out', false]);
    expect(begin().instance).toBe(one);
  });
});

describe('When all are passed over', () => {
  test('then all are used, and the first that answers is back', () => {
    const { endAt, served, stateOf } = balancerOf(one, two);
    endAt('order-1', 'refused');
    endAt('order-2', 'refused');
    expect([stateOf('order-1'), stateOf('order-2')]).toEqual(['out', 'out']);
    const [first = ''] = served(1);
    expect(stateOf(first)).toBe('in');
    expect(served(3)).toEqual([first, first, first]);
  });
});
