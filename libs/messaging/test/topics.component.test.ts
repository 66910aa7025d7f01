import { connect, createServer, type Server } from 'node:net';
import { topicOf } from '@doorbuster/contracts';
import { freePorts } from '@doorbuster/stack';
import { afterEach, expect, jest, test } from '@jest/globals';
import { servers } from '../../../test/support/servers.ts';
import { createPublisher } from '../src/publisher.ts';
import { createTopics } from '../src/topics.ts';

let door: Server | undefined;
afterEach(() => {
  door?.close();
});

test('When the broker hangs up at first, as one does that is just starting, then it is asked again', async () => {
  const [broker = ''] = servers().kafka;
  const [host = '', port = ''] = broker.split(':');
  // More often than kafkajs itself tries again.
  const refusalsMax = 12;
  let calls = 0;
  door = createServer((client) => {
    calls++;
    if (calls <= refusalsMax) return client.destroy();
    const server = connect(Number(port), host);
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => client.destroy());
    return undefined;
  });
  const [doorPort = 0] = await freePorts(1);
  door.listen(doorPort, '127.0.0.1');
  await createTopics([`127.0.0.1:${doorPort}`]);
  expect(calls).toBeGreaterThan(refusalsMax);
});

test('When a sender’s clock is two hours ahead, then the broker takes its messages all the same', async () => {
  const now = Date.now;
  const publisher = await createPublisher({ brokers: servers().kafka, clientId: 'test' });
  const ahead = jest.spyOn(Date, 'now').mockImplementation(() => now() + 7_200_000);
  try {
    const { name: topic } = topicOf('PaymentDeclined');
    await publisher.publish([{ topic, key: 'ahead', headers: {}, value: '{}' }]);
  } finally {
    ahead.mockRestore();
    await publisher.close();
  }
});
