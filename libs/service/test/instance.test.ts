import { hostname } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { addressOf } from '../src/address.ts';
import { InstanceName, serviceOf } from '../src/config.ts';

describe('When an instance is named', () => {
  test('then a number makes it unique', () => {
    expect(InstanceName.parse('payment-2')).toBe('payment-2');
    expect(serviceOf('payment-2')).toBe('payment');
  });

  test('then the name of its service alone is made unique by the host', () => {
    const instance = InstanceName.parse('payment');
    expect(instance).toBe(`payment-${hostname()}`);
    expect(serviceOf(instance)).toBe('payment');
  });

  test('then the name of a pod is as good as any', () => {
    expect(InstanceName.parse('payment-6c9f7d-x2b4q')).toBe('payment-6c9f7d-x2b4q');
    expect(serviceOf('payment-6c9f7d-x2b4q')).toBe('payment');
  });

  test('then what is no name is refused', () => {
    for (const wrong of ['', 'Payment', 'payment-', '-1', 'pay ment'])
      expect(InstanceName.safeParse(wrong).success).toBe(false);
  });
});

describe('When an instance tells where it is found', () => {
  test('then it is the host that it listens on', () => {
    expect(addressOf('127.0.0.1')).toBe('127.0.0.1');
    expect(addressOf('10.1.2.3')).toBe('10.1.2.3');
  });

  test('then listening everywhere is not an address, so it tells one of its own', () => {
    expect(addressOf('0.0.0.0')).toMatch(/^(?!0\.)\d+\.\d+\.\d+\.\d+$/);
  });
});
