import { expect, test } from '@jest/globals';
import { createBalancer, type Instance } from '../src/index.ts';

const instance = (n: number): Instance => ({ id: `order-${n}`, origin: `http://127.0.0.1:${n}` });
const [one, two] = [instance(1), instance(2)];

function balancerOf(instances: Instance[]) {
  const clock = { nowMs: 0 };
  const watched = { instances: () => instances, close: () => undefined };
  return { clock, balancer: createBalancer(watched, () => clock.nowMs) };
}

test('When two instances are healthy, then they take turns', () => {
  const { balancer } = balancerOf([one, two]);
  const picked = Array.from({ length: 4 }, () => balancer.pick()?.id);
  expect(new Set(picked.slice(0, 2))).toEqual(new Set(['order-1', 'order-2']));
  expect(picked.slice(2)).toEqual(picked.slice(0, 2));
});

test('When an instance refuses a connection, then it is passed over for a while and asked again later', () => {
  const { balancer, clock } = balancerOf([one, two]);
  balancer.eject(one);
  expect(Array.from({ length: 3 }, () => balancer.pick()?.id)).toEqual(['order-2', 'order-2', 'order-2']);
  clock.nowMs = 3_001;
  expect(new Set([balancer.pick()?.id, balancer.pick()?.id])).toEqual(new Set(['order-1', 'order-2']));
});

test('When nobody is left, then there is nobody to pick', () => {
  const { balancer } = balancerOf([one]);
  balancer.eject(one);
  expect(balancer.pick()).toBeUndefined();
});
