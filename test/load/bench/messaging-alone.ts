import { orderEvents } from '@doorbuster/contracts';
import { createPublisher, createTopics, type OutgoingRecord, subscribe } from '@doorbuster/messaging';
import { type Servers, silentProgress, startServers } from '@doorbuster/stack';
import { pino } from 'pino';

/** What the messaging library can do by itself, in one process, with messages of 1 kB. */
export interface MessagingAlone {
  sentPerS: number;
  readPerS: number;
  /** Of the client alone; the broker's is not among it. */
  cpuMsPerSent: number;
  cpuMsPerRead: number;
}

const batchRecords = 200;
const valueBytes = 1_000;
const warmUpBatches = 200;
/** Requests under way at once, as many as the publisher allows. */
const concurrency = 5;

/** Sends messages as fast as they go for a while, then reads all of them from the beginning. */
export async function measureMessaging(sendMs: number, signal: AbortSignal): Promise<MessagingAlone> {
  const servers = await startServers({ progress: silentProgress, signal });
  try {
    await Promise.all(['postgres', 'consul', 'jaeger'].map((name) => servers.supervisor.stop(name)));
    await createTopics(servers.kafka);
    const sent = await send(servers, sendMs);
    const read = await readAll(servers, sent.messages + warmUpBatches * batchRecords);
    return {
      sentPerS: sent.perS,
      readPerS: read.perS,
      cpuMsPerSent: sent.cpuMs,
      cpuMsPerRead: read.cpuMs,
    };
  } finally {
    await servers.stop();
  }
}

async function send({ kafka: brokers }: Servers, sendMs: number) {
  const publisher = await createPublisher({ brokers, clientId: 'bench' });
  const records = Array.from({ length: batchRecords }, (_, n) => recordOf(n));
  try {
    for (let n = 0; n < warmUpBatches; n++) await publisher.publish(records);
    const measured = startClock();
    const untilMs = performance.now() + sendMs;
    let messages = 0;
    const sendOn = async () => {
      while (performance.now() < untilMs) {
        await publisher.publish(records);
        messages += records.length;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, sendOn));
    return { messages, ...measured(messages) };
  } finally {
    await publisher.close();
  }
}

const recordOf = (n: number): OutgoingRecord => ({
  topic: orderEvents.name,
  key: `key-${n}`,
  headers: { ce_id: String(n), ce_type: 'OrderConfirmed' },
  value: 'x'.repeat(valueBytes),
});

async function readAll({ kafka: brokers }: Servers, expected: number) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let measured = startClock();
  let messages = 0;
  const subscriber = await subscribe({
    brokers,
    clientId: 'bench',
    groupId: 'bench',
    topics: [orderEvents.name],
    log: pino({ level: 'silent' }),
    async onRecords(records) {
      // The clock starts with the first messages: how long it takes to join a group is another matter.
      if (messages === 0) measured = startClock();
      messages += records.length;
      if (messages >= expected) resolve();
    },
    onCrash: reject,
  });
  try {
    await promise;
    return measured(messages);
  } finally {
    await subscriber.close();
  }
}

/** Tells, when it is called, how much a second was done since, and what it cost this process. */
function startClock() {
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  return (messages: number) => {
    const { user, system } = process.cpuUsage(before);
    return {
      perS: Math.round(messages / ((performance.now() - startedAtMs) / 1_000)),
      cpuMs: Number(((user + system) / 1_000 / messages).toFixed(4)),
    };
  };
}
