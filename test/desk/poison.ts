import { toHeaders, topics } from '@doorbuster/contracts';
import { createPublisher, type OutgoingRecord } from '@doorbuster/messaging';
import { Refusal } from '@doorbuster/stack';
import { v7 as uuidv7 } from 'uuid';

const commandTopics = topics.filter(({ kind }) => kind === 'command');

/**
 * A command that is against its contract, about an order that nobody placed.
 * @throws Refusal 404 when no commands travel on the topic
 */
export function poisonFor(topic = 'doorbuster.payment.commands.v1'): OutgoingRecord {
  const found = commandTopics.find(({ name }) => name === topic);
  const [type] = Object.keys(found?.schemas ?? {});
  if (type === undefined) {
    const names = commandTopics.map(({ name }) => name).join(' and ');
    throw new Refusal(404, `${topic} carries no commands; ${names} do`);
  }
  const key = uuidv7();
  const id = `${key}/desk/1/0`;
  const headers = toHeaders({
    id,
    type,
    source: 'desk',
    time: new Date().toISOString(),
    traceparent: undefined,
  });
  return { topic, key, headers, value: JSON.stringify({ orderId: 'poison' }) };
}

/** Sends one poisonous command. @throws Refusal */
export async function sendPoison(brokers: string[], topic: string | undefined): Promise<string> {
  const record = poisonFor(topic);
  const publisher = await createPublisher({ brokers, clientId: 'desk' });
  try {
    await publisher.publish([record]);
  } finally {
    await publisher.close();
  }
  return record.topic;
}
