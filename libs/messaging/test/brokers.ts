import { topics } from '@doorbuster/contracts';
import type { Admin } from 'kafkajs';
import { connectKafka } from '../src/client.ts';

// What only tests do to brokers.

async function asAdmin<T>(brokers: string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = connectKafka({ brokers, clientId: 'faults' }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

const names = topics.map(({ name }) => name);

/** Gives every topic so many partitions. */
export const addPartitions = (brokers: string[], count: number): Promise<boolean> =>
  asAdmin(brokers, (admin) =>
    admin.createPartitions({ topicPartitions: names.map((topic) => ({ topic, count })) }),
  );

/** Hands every partition's copies round by one broker, and so its leader to another. */
export const movePartitions = (brokers: string[]): Promise<void> =>
  asAdmin(brokers, async (admin) => {
    const metadata = await admin.fetchTopicMetadata({ topics: names });
    await admin.alterPartitionReassignments({
      topics: metadata.topics.map(({ name, partitions }) => ({
        topic: name,
        partitionAssignment: partitions.map(({ partitionId, replicas: [first = 1, ...others] }) => ({
          partition: partitionId,
          replicas: [...others, first],
        })),
      })),
    });
  });

/** The ids of the members of a group, sorted; a member that was thrown out and joined again has another one. */
export const membersOf = (brokers: string[], groupId: string): Promise<string[]> =>
  asAdmin(brokers, async (admin) => {
    const { groups } = await admin.describeGroups([groupId]);
    return groups.flatMap(({ members }) => members.map(({ memberId }) => memberId)).sort();
  });

/** Has a group, which must be empty, begin all of its topics again. */
export const rewind = (brokers: string[], groupId: string, topic: string): Promise<void> =>
  asAdmin(brokers, (admin) => admin.resetOffsets({ groupId, topic, earliest: true }));
