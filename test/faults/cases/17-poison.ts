// Breaks: every partition of every topic. How: records that are no message, no JSON, of no contract, of an unknown command,
// and one that makes the handler throw. Must hold: each is a dead letter or ignored, no process ends, and all invariants.
import { topicOf, topics } from '@doorbuster/contracts';
import { PARTITIONS } from '@doorbuster/messaging';
import { v7 as newOrderId } from 'uuid';
import type { FaultCase } from '../case.ts';
import { letterReasons, restarts } from '../harness/ask.ts';
import { publish } from '../harness/records.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

/** Enough keys that every partition has its share. */
const keys = Array.from({ length: PARTITIONS * 4 }, () => newOrderId());

const record = (topic: string, key: string, type: string, n: number, value: string) => ({
  topic,
  key,
  headers: { ce_id: `${key}/faults/2/${n}`, ce_type: type, ce_source: '/doorbuster/faults' },
  value,
});

const poisonOf = (topic: string, type: string) =>
  keys.flatMap((key) => [
    { topic, key, headers: {}, value: 'who am I?' },
    record(topic, key, type, 1, '{"orderId": '),
    record(topic, key, type, 2, '{"orderId": "none"}'),
    record(topic, key, 'DropTables', 3, '{}'),
  ]);

export const poison: FaultCase = {
  id: '17',
  title: 'poison',
  breaks: 'every partition of every topic',
  how: 'no headers, bad JSON, against the contract, unknown type; a message at which the handler throws',
  holds: [...everything, 'each has its dead letter', 'no process ends'],
  async run(context) {
    const { bench } = context;
    const before = restarts(bench);
    const first = await breakUnderLoad(context, { schedule: [], seconds: 2 });
    const throwing = first.accepted.map((orderId) =>
      record(topicOf('ReleaseStock').name, orderId, 'ReleaseStock', 4, JSON.stringify({ orderId })),
    );
    const spoil = () =>
      publish(bench, [
        ...topics.flatMap(({ name, schemas }) => poisonOf(name, Object.keys(schemas)[0] ?? '')),
        ...throwing,
      ]);
    const schedule = [{ what: 'poison', atMs: 2_000, do: spoil }];
    const again = { ...context, seed: context.seed + 1 };
    const { evidence, report } = await breakUnderLoad(again, { schedule, seconds: 6 });
    const reasons = await letterReasons(bench, 'inventory');
    for (const reason of ['no CloudEvents headers', 'not JSON', 'against the contract', 'unknown command'])
      must((reasons.get(reason) ?? 0) > 0, `inventory has no dead letter: ${reason}`);
    must(restarts(bench) === before, 'a process ended');
    const threw = report.deadLetters.filter(({ reason }) => reason === 'decide threw').length;
    must(threw > 0, 'no handler threw');
    return {
      evidence: `${report.deadLetters.length} dead letters, ${threw} of thrown handlers; ${evidence}`,
    };
  },
};
