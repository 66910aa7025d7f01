import { orderEvents } from '@doorbuster/contracts';
import { type ReceivedRecord, type Subscriber, subscribe } from '@doorbuster/messaging';
import { poll } from '@doorbuster/stack';
import { pino } from 'pino';
import type { ConfirmedBy } from './messages.ts';

/** Tells when orders are confirmed. */
export interface Confirmations {
  /** Resolves with true when the order is confirmed, with false when it is cancelled. */
  of(orderId: string): Promise<boolean>;
  close(): Promise<void>;
}

const joinLimitMs = 30_000;

export async function listenForConfirmations(by: ConfirmedBy): Promise<Confirmations> {
  if (by.kind === 'answer') return { of: async () => true, close: async () => undefined };
  const endings = createEndings();
  const subscriber = await listen(by.brokers, endings.heard);
  return { of: endings.of, close: () => subscriber.close() };
}

/** Joins those who ask with what is heard, whichever comes first: an event may overtake its order's answer. */
export function createEndings() {
  const heard = new Map<string, boolean>();
  const asked = new Map<string, (isConfirmed: boolean) => void>();
  return {
    of(orderId: string): Promise<boolean> {
      const known = heard.get(orderId);
      if (known !== undefined) {
        heard.delete(orderId);
        return Promise.resolve(known);
      }
      const { promise, resolve } = Promise.withResolvers<boolean>();
      asked.set(orderId, resolve);
      return promise;
    },
    heard(orderId: string, isConfirmed: boolean): void {
      const resolve = asked.get(orderId);
      if (resolve === undefined) heard.set(orderId, isConfirmed);
      else {
        asked.delete(orderId);
        resolve(isConfirmed);
      }
    },
  };
}

/**
 * Listens to the order events as any service would: they are pushed within a millisecond or two, and asking the shop
 * again and again would be a load of its own. What is needed stands in key and headers, so nothing is parsed.
 */
async function listen(
  brokers: string[],
  onEnding: (orderId: string, isConfirmed: boolean) => void,
): Promise<Subscriber> {
  const log = pino({ level: 'error' }, pino.destination(2));
  const subscriber = await subscribe({
    brokers,
    clientId: 'bench',
    groupId: 'bench',
    topics: [orderEvents.name],
    log,
    onRecords: async (records: ReceivedRecord[]) => {
      for (const { key, headers } of records) onEnding(key, headers['ce_type'] === 'OrderConfirmed');
    },
    onCrash: (error) => {
      throw error;
    },
  });
  const isJoined = () => subscriber.isJoined() || undefined;
  await poll(isJoined, { what: 'the order events', limitMs: joinLimitMs });
  return subscriber;
}
