import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../../client.ts';
import type { History } from '../../history.ts';
import type { ClientOrder } from '../../orders.ts';
import type { Confirmations } from './confirmations.ts';
import type { Shot } from './recorder.ts';

/** What became of an order, and when; times are milliseconds of a clock that never goes back. */
export interface SettledShot extends Shot {
  /** Of the answer; null without one. */
  status: number | null;
  sentAtMs: number;
  answeredAtMs: number;
}

export interface SenderParts {
  client: Client;
  confirmations: Confirmations;
  history: History;
}

/** More unanswered orders than this are a client that is full: then it does not send, and says so. */
const unansweredMax = 4_000;
/** After this long, an order of which nobody has heard counts as lost. */
const settleLimitMs = 90_000;

/** Sends orders, and follows each until it is settled: confirmed, cancelled, or never taken. */
export function createSender({ client, confirmations, history }: SenderParts) {
  const underWay = new Set<Promise<SettledShot>>();
  let unanswered = 0;

  async function shoot(order: ClientOrder, scheduledAtMs: number): Promise<SettledShot> {
    const sentAtMs = performance.now();
    unanswered++;
    const answer = await client.post(order);
    unanswered--;
    const answeredAtMs = performance.now();
    history.add(order, answer);
    const { outcome, orderId, status } = answer;
    const isConfirmed = outcome === 'ok' && orderId !== null && (await confirmations.of(orderId));
    const confirmedAtMs = isConfirmed ? performance.now() : undefined;
    return { scheduledAtMs, outcome, status, sentAtMs, answeredAtMs, confirmedAtMs };
  }

  function launch(
    order: ClientOrder,
    scheduledAtMs: number,
    onSettled: (shot: SettledShot) => void,
  ): Promise<SettledShot> {
    const job = shoot(order, scheduledAtMs)
      .then((shot) => {
        onSettled(shot);
        return shot;
      })
      .finally(() => underWay.delete(job));
    underWay.add(job);
    return job;
  }

  return {
    /** Sends this order now, as the one that was scheduled for this moment; resolves when it is settled. */
    launch,
    /** Waits for the moment, draws an order and sends it, unless too many wait for their answers already. */
    async launchAt(
      scheduledAtMs: number,
      draw: () => ClientOrder,
      onSettled: (shot: SettledShot) => void,
    ): Promise<void> {
      const waitMs = scheduledAtMs - performance.now();
      // Timers are no finer than a millisecond; what is due within it goes at once.
      if (waitMs >= 1) await pause(waitMs);
      const nowMs = performance.now();
      if (unanswered < unansweredMax) void launch(draw(), scheduledAtMs, onSettled);
      else
        onSettled({ scheduledAtMs, outcome: 'notSent', status: null, sentAtMs: nowMs, answeredAtMs: nowMs });
    },
    /** Waits until all is sent and settled, or too long a time is over; gives how many orders are lost then. */
    async settled(sending: Promise<unknown>): Promise<number> {
      const all = sending.then(async () => {
        while (underWay.size > 0) await Promise.all(underWay);
      });
      await Promise.race([all, pause(settleLimitMs, undefined, { ref: false })]);
      return underWay.size;
    },
  };
}
