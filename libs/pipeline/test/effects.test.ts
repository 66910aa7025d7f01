import '../../../test/support/metrics.ts';
import { expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { eventually } from '../../../test/support/eventually.ts';
import { metricValue } from '../../../test/support/metrics.ts';
import { type EffectHandler, NotThere, startEffects } from '../src/effects.ts';

const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
/** Nothing waits in it, and whatever is written is forgotten. */
const database = { query: async () => ({ rows: [] }) } as unknown as Pool;

type Answer = { kind: 'captured' } | { kind: 'declined' };

/** How often a call was counted with this outcome, after one that ends so. */
async function counted(type: string, outcome: string, call: EffectHandler<Answer>['call']): Promise<number> {
  const handlers = { [type]: { attemptsMax: 3, call } };
  const runner = startEffects<Answer>({ database, handlers, onAnswer: async () => undefined, log });
  const row = { key: 'k', order_id: 'o', type, data: {}, traceparent: null, attempts: 1 };
  runner.begin([row], 0);
  const labels = { type, outcome };
  const count = await eventually('it is counted', async () => {
    const times = await metricValue('doorbuster.effect.duration', labels);
    return times > 0 && times;
  });
  await runner.close();
  return count;
}

test.each([
  ['is answered', 'captured', async () => ({ kind: 'captured' }) as const],
  ['is answered with a no', 'declined', async () => ({ kind: 'declined' }) as const],
  ['fails', 'failed', () => Promise.reject(new Error('502'))],
  ['finds nobody', 'not_there', () => Promise.reject(new NotThere('ECONNREFUSED'))],
])('When a call %s, then its time is counted as %s, once', async (_, outcome, call) => {
  expect(await counted(`test.${outcome}`, outcome, call)).toBe(1);
});
