import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { mendHeartbeat, mendRequestQueue } from '../src/mend.ts';

const require = createRequire(import.meta.url);

/** What the mended method sees of its queue. */
function queueOf(pending: unknown[], throttledUntil: number) {
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js');
  mendRequestQueue();
  const queue = { pending, throttledUntil, throttleCheckTimeoutId: null as NodeJS.Timeout | null };
  prototype.scheduleCheckPendingRequests.call(queue);
  clearTimeout(queue.throttleCheckTimeoutId ?? undefined);
  return queue;
}

test('When nothing is pending and nobody is throttled, then kafkajs arms no timer', () => {
  expect(queueOf([], -1).throttleCheckTimeoutId).toBeNull();
});

test('When something is pending, or the broker throttles, then it looks again', () => {
  expect(queueOf([{}], -1).throttleCheckTimeoutId).not.toBeNull();
  expect(queueOf([], Date.now() + 1_000).throttleCheckTimeoutId).not.toBeNull();
});

test('When the clock was set back, then a member of a group goes on to say that it lives', async () => {
  const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup.js');
  mendHeartbeat();
  let heartbeats = 0;
  const member = new ConsumerGroup({
    logger: { namespace: () => undefined },
    instrumentationEmitter: { emit: () => undefined },
  });
  const coordinator = { heartbeat: async () => heartbeats++ };
  const anHour = 3_600_000;
  Object.assign(member, { memberId: 'one', coordinator, lastRequest: Date.now() + anHour });
  await member.heartbeat({ interval: 1_000 });
  expect(heartbeats).toBe(1);
  // And no more often than it must.
  await member.heartbeat({ interval: 1_000 });
  expect(heartbeats).toBe(1);
});
