import {
  type LiveVerdict,
  MessageHeaders,
  messageSchemas,
  messageTypes,
  topics,
} from '@doorbuster/contracts';
import type { ReceivedRecord } from '@doorbuster/messaging';
import { Refusal } from '@doorbuster/stack';
import { describe, expect, test } from '@jest/globals';
import { poisonFor } from './poison.ts';
import { keepSpikes } from './spike.ts';
import type { SpikeNews } from './spike-news.ts';
import { copiesOf } from './twice.ts';

describe('When poison is made', () => {
  test.each(topics.filter(({ kind }) => kind === 'command').map(({ name }) => name))(
    'for %s, then its headers are right and its data are against the contract',
    (topic) => {
      const { key, headers, value } = poisonFor(topic);
      expect(MessageHeaders.parse(headers)).toEqual(headers);
      expect(headers['ce_id']).toBe(`${key}/desk/1/0`);
      const type = messageTypes.find((one) => one === headers['ce_type']);
      expect(type && messageSchemas[type].safeParse(JSON.parse(String(value))).success).toBe(false);
    },
  );

  test('for a topic that carries no commands, then it is refused', () => {
    expect(() => poisonFor('doorbuster.order.events.v1')).toThrow(Refusal);
  });
});

test('When records are sent twice, then the copies are not', () => {
  const record: ReceivedRecord = {
    topic: 'a',
    partition: 3,
    offset: '7',
    key: 'k',
    headers: { ce_id: '1' },
    value: Buffer.from('{}'),
  };
  const [copy, ...more] = copiesOf([record]);
  expect(more).toEqual([]);
  expect(copy).toMatchObject({ topic: 'a', key: 'k', value: record.value, headers: { ce_id: '1' } });
  expect(copiesOf([{ ...record, ...copy, value: record.value }])).toEqual([]);
});

describe('When a run in a terminal tells of itself', () => {
  const course = { seconds: 60, basePerS: 20, peakPerS: 200, seed: 1 };
  const news = (state: SpikeNews['state'], pid = process.pid, rest: Partial<SpikeNews> = {}): SpikeNews => ({
    pid,
    ...course,
    state,
    report: null,
    verdict: null,
    ...rest,
  });
  const refused = (status: number) => expect.objectContaining({ status });

  test('then it is shown, and its verdict stays until the next one starts', () => {
    const spikes = keepSpikes('info.json');
    expect(spikes.view()).toBeNull();
    spikes.told(news('running'));
    expect(spikes.view()).toMatchObject({ ...course, state: 'running', by: 'demo', endedAt: null });
    spikes.told(news('auditing'));
    expect(spikes.view()?.state).toBe('auditing');
    const verdict: LiveVerdict = {
      at: '2026-01-01T00:00:00Z',
      isFinal: true,
      verdict: 'PASS',
      tookMs: 1,
      invariants: [],
    };
    spikes.told(news('ended', process.pid, { verdict, report: { version: 1 } }));
    expect(spikes.view()).toMatchObject({ state: 'ended', report: { version: 1 } });
    expect(spikes.verdict()).toEqual(verdict);
    spikes.told(news('running', process.ppid));
    expect(spikes.verdict()).toBeNull();
  });

  test('then nobody else may tell of it, start another or stop it', async () => {
    const spikes = keepSpikes('info.json');
    spikes.told(news('running'));
    expect(() => spikes.told(news('running', process.ppid))).toThrow(refused(409));
    expect(() => spikes.told(news('ended', process.ppid))).toThrow(refused(409));
    expect(() => spikes.start(course)).toThrow(refused(409));
    await expect(spikes.stop()).rejects.toEqual(refused(409));
  });

  test('and dies, then it has failed', () => {
    const spikes = keepSpikes('info.json');
    // No process has so high a number.
    spikes.told(news('running', 2 ** 30));
    expect(spikes.view()).toMatchObject({ state: 'failed', endedAt: expect.any(String) });
  });
});
