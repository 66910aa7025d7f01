import { setTimeout as delay } from 'node:timers/promises';
import { topics } from '@doorbuster/contracts';
import type { Admin } from 'kafkajs';
import { connectKafka } from './client.ts';

/** As many as the instances that one service could ever have. */
export const PARTITIONS = 12;
/** How long a message stays in its topic, and so how long it may come again: a week. */
export const TOPIC_RETENTION_MS = 604_800_000;

const settings = {
  'retention.ms': String(TOPIC_RETENTION_MS),
  // By its sender's time a broker refuses what is an hour ahead, and a relay whose clock is wrong would stand still.
  'message.timestamp.type': 'LogAppendTime',
  // Whatever others send, the broker unpacks: a codec that kafkajs cannot read ends the consumer, again after each restart.
  'compression.type': 'uncompressed',
};
const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));

const clientId = 'doorbuster-topics';
const readyLimitMs = 60_000;
const lookEveryMs = 50;
const tryEveryMs = 500;

/**
 * Creates the shop's topics where they are missing; resolves when every partition has a leader and a group would find
 * its coordinator. The broker must not create them by itself: subscribing to a topic that does not exist crashes a
 * kafkajs consumer (tulios/kafkajs#1618), and its partitions would be wrong. Whoever comes first creates them, and it
 * harms nobody to come at the same time; how many copies there are is the brokers' own setting. Brokers that are not
 * there yet, or too busy to answer, are waited for: who needs them is not ready, not dead.
 * @throws when the topics are not there within 60 s, with the reason of the last try
 */
export async function createTopics(
  brokers: string[],
  { partitions = PARTITIONS, replicationFactor = -1 } = {},
): Promise<void> {
  const until = performance.now() + readyLimitMs;
  for (;;) {
    try {
      return await tryToCreate(brokers, partitions, replicationFactor, until);
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(tryEveryMs);
    }
  }
}

async function tryToCreate(
  brokers: string[],
  partitions: number,
  replicationFactor: number,
  until: number,
): Promise<void> {
  const admin = connectKafka({ brokers, clientId }).admin();
  const names = topics.map(({ name }) => name);
  try {
    await admin.connect();
    const there = new Set(await admin.listTopics());
    const missing = names.filter((topic) => !there.has(topic));
    const wanted = missing.map((topic) => ({
      topic,
      numPartitions: partitions,
      replicationFactor,
      configEntries,
    }));
    // kafkajs's own waiting gives up when a broker that created a topic does not know it yet.
    if (wanted.length > 0) await admin.createTopics({ topics: wanted, waitForLeaders: false });
    while (!(await haveLeaders(admin, names, partitions))) {
      if (performance.now() > until) throw new Error(`The topics have no leaders after ${readyLimitMs} ms`);
      await delay(lookEveryMs);
    }
    // The first who asks has new brokers create the topic of offsets; on a busy machine a consumer would not wait for it.
    await admin.describeGroups([clientId]);
  } finally {
    await admin.disconnect();
  }
}

async function haveLeaders(admin: Admin, names: string[], partitions: number): Promise<boolean> {
  const metadata = await admin.fetchTopicMetadata({ topics: names }).catch(() => undefined);
  if (metadata === undefined) return false;
  return metadata.topics.every(
    ({ partitions: found }) => found.length >= partitions && found.every(({ leader }) => leader >= 0),
  );
}
