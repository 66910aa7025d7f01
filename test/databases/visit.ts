import { randomUUID } from 'node:crypto';
import { type Message, toHeaders, topicOf } from '@doorbuster/contracts';
import { createPublisher, type OutgoingRecord } from '@doorbuster/messaging';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../support/eventually.ts';
import { type Databases, type Shop, startShopInProcess } from './shop-in-process.ts';

const sku = 'DB-1000';
/** Its messages may stand behind many of other tests. */
const orderLimitMs = 90_000;
const operator = { by: 'visitor', why: 'to see what it does' };

/** Does everything once that a customer, an operator and a broken sender can do, so that every statement is run. */
export async function visit(databases: Databases, brokers: string[]): Promise<void> {
  const { shop, close } = await startShopInProcess(databases, brokers);
  const publisher = await createPublisher({ brokers, clientId: 'visitor' });
  try {
    await buy(shop);
    await mendLetters(shop, publisher.publish);
    await settleRefund(shop, publisher.publish);
  } finally {
    await publisher.close();
    await close();
  }
}

/** An order to its end, asked for twice, and a look at everything that a customer can see. */
async function buy({ order, inventory, acquirer }: Shop): Promise<void> {
  const customer = { id: randomUUID(), email: 'visitor@example.com' };
  const body = { customer, card: 'tok_ok', lines: [{ sku, quantity: 1 }] };
  const key = { 'idempotency-key': 'once' };
  const placed = (await order.ask('POST', '/orders', body, key)) as { id: string };
  await order.ask('POST', '/orders', body, key);
  const isCompleted = async () => {
    const { state } = (await order.ask('GET', `/orders/${placed.id}`)) as { state: string };
    return state === 'completed';
  };
  await eventually('the order is completed', isCompleted, orderLimitMs);
  await order.ask('GET', `/orders/${placed.id}/events`);
  await order.ask('GET', '/load');
  await inventory.ask('GET', `/stock/${sku}`);
  await acquirer.ask('GET', `/charges/${placed.id}:acquirer.capture`);
  await acquirer.ask('POST', `/orders/${placed.id}/close`, {});
}

type Publish = (records: OutgoingRecord[]) => Promise<void>;

/** A message about which the decision throws, and one that nobody can read: what an operator can do about them. */
async function mendLetters({ inventory }: Shop, publish: Publish): Promise<void> {
  const customer = { id: 'nobody', email: 'nobody@example.com' };
  const data = { orderId: uuidv7(), customer, totalCents: 0, currency: 'GBP' } as const;
  const unreadable = recordOf({ type: 'ReleaseStock', data: { orderId: uuidv7() } });
  await publish([recordOf({ type: 'OrderConfirmed', data }), { ...unreadable, value: 'no JSON' }]);
  // Other tests may have left more letters than go on a page, but none of these types.
  const letterTo = (key: string, type: string) =>
    eventually('the message is parked', async () => {
      const list = (await inventory.ask('GET', `/admin/inventory/dead-letters?open=true&type=${type}`)) as {
        items: { id: number; key: string }[];
      };
      return list.items.find((letter) => letter.key === key)?.id;
    });
  const thrown = await letterTo(data.orderId, 'OrderConfirmed');
  const broken = await letterTo(unreadable.key, 'ReleaseStock');
  await inventory.ask('GET', `/admin/inventory/dead-letters/${broken}`);
  await inventory.ask('POST', '/admin/inventory/dead-letters/replay', { ...operator, ids: [thrown] });
  const instead = { type: 'ReleaseStock', data: { orderId: unreadable.key } };
  await inventory.ask('POST', `/admin/inventory/dead-letters/${broken}/edit`, { ...operator, ...instead });
  await inventory.ask('GET', '/admin/inventory/actions');
}

/** A refund that the acquirer will not make, asked for twice with one message: an operator retries, then settles it. */
async function settleRefund({ payment, acquirer }: Shop, publish: Publish): Promise<void> {
  const orderId = uuidv7();
  const isParked = async () => {
    const list = (await payment.ask('GET', '/admin/sagas')) as { items: { orderId: string }[] };
    return list.items.some((one) => one.orderId === orderId);
  };
  await acquirer.ask('PUT', '/knobs', { errorPercent: 100 });
  const message = recordOf({ type: 'ClosePayment', data: { orderId } });
  await publish([message, message]);
  await eventually('the refund is parked', isParked);
  await payment.ask('POST', `/admin/sagas/${orderId}/retry`, operator);
  await eventually('the refund is parked again', isParked);
  await payment.ask('POST', `/admin/sagas/${orderId}/resolve`, { ...operator, refundedCents: 0 });
}

function recordOf(message: Message): OutgoingRecord {
  const { orderId } = message.data;
  const id = `${orderId}/visitor/1/0`;
  const time = '2026-11-27T00:00:00.000Z';
  return {
    topic: topicOf(message.type).name,
    key: orderId,
    headers: toHeaders({ id, type: message.type, source: 'visitor', time, traceparent: undefined }),
    value: JSON.stringify(message.data),
  };
}
