import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { frame, request } from './frame-writer.ts';
import { Api, correlationOf, createFrameReader, readRequestHead } from './frames.ts';
import { createKafkaProxy, type KafkaProxy } from './kafka-proxy.ts';

let broker: Server;
let proxy: KafkaProxy;
/** The correlation ids of what the broker has done. */
let done: number[] = [];
const sockets: Socket[] = [];
beforeEach(async () => {
  done = [];
  broker = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    const read = createFrameReader((one) => {
      const { correlationId } = readRequestHead(one);
      done.push(correlationId);
      const answer = Buffer.alloc(4);
      answer.writeInt32BE(correlationId);
      socket.write(frame(answer));
    });
    socket.on('data', read);
  });
  broker.listen(0, '127.0.0.1');
  await once(broker, 'listening');
  proxy = await createKafkaProxy();
  proxy.leadTo((broker.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  broker.close();
});

/** A client, with the answers that it got, by correlation id. */
function call(clientId: string) {
  const socket = connect(proxy.port, '127.0.0.1');
  const seen = { answers: [] as number[], isOver: false };
  socket.on(
    'data',
    createFrameReader((one) => seen.answers.push(correlationOf(one))),
  );
  socket.on('error', () => undefined);
  socket.on('close', () => {
    seen.isOver = true;
  });
  return { seen, ask: (apiKey: number, id: number) => socket.write(request(apiKey, id, clientId)) };
}

test('When no fault is armed, then every request is answered', async () => {
  const { seen, ask } = call('order-1');
  ask(Api.produce, 1);
  ask(Api.fetch, 2);
  await eventually('both answers', () => seen.answers.length === 2);
  expect(seen.answers).toEqual([1, 2]);
});

describe('When a response is to be lost', () => {
  const fault = { apiKey: Api.produce, client: 'order', lose: 'response' } as const;

  test('in silence, then the broker has done it, the next is answered, and the loss is told', async () => {
    const { seen, ask } = call('order-1');
    const lost = proxy.loseNext({ ...fault, how: 'silence' });
    for (const [id, apiKey] of [Api.fetch, Api.produce, Api.produce].entries()) ask(apiKey, id);
    expect(await lost).toBe('order-1');
    await eventually('the others are answered', () => seen.answers.length === 2);
    expect([done, seen.answers, seen.isOver]).toEqual([[0, 1, 2], [0, 2], false]);
  });

  test('with its connection, then the broker has done it, and the connection breaks', async () => {
    const { seen, ask } = call('order-1');
    void proxy.loseNext({ ...fault, how: 'cut' });
    ask(Api.produce, 1);
    await eventually('it breaks', () => seen.isOver);
    expect([done, seen.answers]).toEqual([[1], []]);
  });

  test('of one client, then another one is not disturbed', async () => {
    const other = call('payment-1');
    void proxy.loseNext({ ...fault, how: 'cut' });
    other.ask(Api.produce, 1);
    await eventually('it is answered', () => other.seen.answers.length === 1);
  });

  test('and it is healed before, then nothing is lost', async () => {
    const { seen, ask } = call('order-1');
    void proxy.loseNext({ ...fault, how: 'cut' });
    proxy.heal();
    ask(Api.produce, 1);
    await eventually('it is answered', () => seen.answers.length === 1);
  });
});

test('When a request is to be lost, then the broker never hears of it', async () => {
  const { seen, ask } = call('order-1');
  const lost = proxy.loseNext({ apiKey: Api.offsetCommit, lose: 'request', how: 'silence' });
  ask(Api.offsetCommit, 1);
  ask(Api.fetch, 2);
  await lost;
  await eventually('the other is answered', () => seen.answers.length === 1);
  expect([done, seen.answers]).toEqual([[2], [2]]);
});
