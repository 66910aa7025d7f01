import { createHash } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { type Link, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { followTraceShare, roots } from '../src/sampling.ts';

afterEach(() => followTraceShare(() => 1));

const traceIds = Array.from({ length: 1_000 }, (_, n) => createHash('md5').update(`${n}`).digest('hex'));

/** How many of a thousand traces are recorded, which begin here with a span with these links. */
const recorded = (links: Link[] = []): number =>
  traceIds.filter(
    (id) =>
      roots.shouldSample(ROOT_CONTEXT, id, 'x', SpanKind.INTERNAL, {}, links).decision ===
      SamplingDecision.RECORD_AND_SAMPLED,
  ).length;

test('When the share changes, then the next trace is sampled by the new one', () => {
  let share = 0;
  followTraceShare(() => share);
  expect(recorded()).toBe(0);
  share = 1;
  expect(recorded()).toBe(traceIds.length);
  share = 0.5;
  expect(recorded()).toBeGreaterThan(450);
  expect(recorded()).toBeLessThan(550);
});

test('When nothing is sampled, then a batch with a traced member is recorded all the same', () => {
  followTraceShare(() => 0);
  const context = { traceId: traceIds[0] ?? '', spanId: '00f067aa0ba902b7', traceFlags: 1 };
  expect(recorded([{ context }])).toBe(traceIds.length);
});
