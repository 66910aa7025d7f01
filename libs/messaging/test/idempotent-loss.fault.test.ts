import { randomUUID } from 'node:crypto';
import { topicOf } from '@doorbuster/contracts';
import { type Servers, silentProgress, startServers } from '@doorbuster/stack';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Api } from '../../../test/faults/proxies/frames.ts';
import { createKafkaProxy, type KafkaProxy } from '../../../test/faults/proxies/kafka-proxy.ts';
import { connectKafka } from '../src/client.ts';
import { readTopic } from '../src/inspect.ts';
import { createTopics } from '../src/topics.ts';

// Why the shop does not use kafkajs's idempotent producer (docs/adr/0003): when the answer to a produce is lost, another
// message takes its sequence number, the broker takes it for the one that it has, and both count as sent.

let proxy: KafkaProxy;
let servers: Servers;
beforeAll(async () => {
  proxy = await createKafkaProxy();
  servers = await startServers({
    progress: silentProgress,
    async frontKafka(port) {
      proxy.leadTo(port);
      return proxy.port;
    },
  });
  await createTopics(servers.kafka);
}, 180_000);
afterAll(async () => {
  await servers.stop();
  await proxy.close();
}, 60_000);

const topic = topicOf('PaymentDeclined').name;

/** Sends two messages at once, of which the first gets no answer; gives what is in the topic when both count as sent. */
async function sendTwo(idempotent: boolean): Promise<string[]> {
  const clientId = `test-${randomUUID()}`;
  const kafka = connectKafka({ brokers: servers.kafkaForServices, clientId });
  const producer = kafka.producer({ idempotent, allowAutoTopicCreation: false });
  await producer.connect();
  const lost = proxy.loseNext({ apiKey: Api.produce, client: clientId, lose: 'response', how: 'cut' });
  const send = (value: string) =>
    producer.send({ topic, acks: -1, messages: [{ key: clientId, value, headers: {}, partition: 0 }] });
  await Promise.all([send('first'), send('second')]);
  await lost;
  await producer.disconnect();
  const values: string[] = [];
  await readTopic({ brokers: servers.kafka, clientId: 'test' }, topic, ({ key, value }) => {
    if (key === clientId) values.push(value.toString());
  });
  return values.sort();
}

test('When an answer is lost, then a plain producer sends again, and both messages are there', async () => {
  expect(new Set(await sendTwo(false))).toEqual(new Set(['first', 'second']));
});

test('When an answer is lost, then the idempotent producer of kafkajs loses a message that it said was sent', async () => {
  const values = new Set(await sendTwo(true));
  expect(values.size).toBe(1);
});
