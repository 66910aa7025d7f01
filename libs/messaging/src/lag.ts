import { setTimeout as delay } from 'node:timers/promises';
import { meterOf, seldom } from '@doorbuster/telemetry';
import type { BatchObservableResult } from '@opentelemetry/api';
import type { Admin } from 'kafkajs';
import { connectKafka, type KafkaOptions } from './client.ts';

const meter = meterOf('@doorbuster/messaging');
const consumerLag = meter.gauge('doorbuster.consumer.lag');

/** How long an export may wait for the brokers. */
const limitMs = 2_000;

/** Messages of a partition that the group has yet to handle. */
export interface PartitionLag {
  topic: string;
  partition: number;
  lag: number;
}

/** Where a group goes on in a partition, as far as somebody knows better than the brokers. */
type NextOffset = (topic: string, partition: number) => number | undefined;

/** Messages of each partition of a topic that lie after what the group has committed, or is known to have handled. */
export async function lagOfTopic(
  admin: Admin,
  groupId: string,
  topic: string,
  nextOffset: NextOffset = () => undefined,
): Promise<PartitionLag[]> {
  const [ends, committed] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ]);
  const done = new Map(committed[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return ends.map(({ partition, low, high }) => {
    // −1 stands for "never committed": everything that the partition still holds is yet to be read.
    const read = Math.max(done.get(partition) ?? -1, nextOffset(topic, partition) ?? -1, Number(low));
    return { topic, partition, lag: Math.max(0, Number(high) - read) };
  });
}

export interface LagOptions {
  kafka: KafkaOptions;
  groupId: string;
  /** The partitions that this member has now, by topic. What others have they tell of themselves. */
  assigned(): Readonly<Record<string, readonly number[]>>;
  /** What it has handled and not yet committed counts as handled. */
  nextOffset: NextOffset;
}

/**
 * Begins to tell the lag of this member's partitions, whenever an exporter asks; returns how to end that. Only then, and
 * seldom, are the brokers asked, over a connection of its own. While they do not answer nothing is told, since nobody knows.
 */
export function observeLag({ kafka, groupId, assigned, nextOffset }: LagOptions): () => Promise<void> {
  // The consumer has its own connections, and says in the log what is wrong with the brokers.
  const { brokers, clientId } = kafka;
  let connected: Promise<Admin> | undefined;
  let isAsking = false;

  async function connect(): Promise<Admin> {
    const admin = connectKafka({ brokers, clientId }).admin();
    await admin.connect();
    return admin;
  }

  async function ask(): Promise<PartitionLag[]> {
    try {
      connected ??= connect();
      const admin = await connected;
      const topics = Object.keys(assigned());
      const lags = topics.map((topic) => lagOfTopic(admin, groupId, topic, nextOffset));
      return (await Promise.all(lags)).flat();
    } catch (error) {
      await disconnect();
      throw error;
    }
  }
  const read = seldom(ask);

  async function disconnect(): Promise<void> {
    const lost = connected;
    connected = undefined;
    await lost?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  const observe = async (result: BatchObservableResult) => {
    // One question at a time: brokers that hang must not gather questions.
    if (isAsking || Object.keys(assigned()).length === 0) return;
    isAsking = true;
    const answer = read()
      .catch(() => [])
      .finally(() => {
        isAsking = false;
      });
    const lags = await Promise.race([answer, delay(limitMs, [], { ref: false })]);
    const own = assigned();
    for (const { topic, partition, lag } of lags) {
      if (own[topic]?.includes(partition))
        result.observe(consumerLag, lag, { group: groupId, topic, partition });
    }
  };
  const end = meter.observe(observe, [consumerLag]);
  return async () => {
    end();
    await disconnect();
  };
}
