import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Client } from './client.ts';
import type { History } from './history.ts';
import type { ClientOrder } from './orders.ts';
import type { Tally } from './tally.ts';

export interface GeneratorOptions {
  client: Client;
  history: History;
  tally: Tally;
  /** An order was accepted that had been scheduled for this moment, in milliseconds since 1970. */
  onAccepted(orderId: string, scheduledAtMs: number): void;
  signal: AbortSignal;
}

/** More than this many unanswered orders are a client that is full: then it does not send, and says so. */
const inFlightMax = 2_000;
const retryAfterMs = 1_000;

/** Sends orders without waiting for answers: a slow shop must not slow down those who come to it. */
export function createGenerator({ client, history, tally, onAccepted, signal }: GeneratorOptions) {
  const inFlight = new Set<Promise<void>>();

  async function send(order: ClientOrder, scheduledAtMs: number): Promise<void> {
    const first = ask(order);
    const [answer, twin] = await Promise.all([first, order.twice === 'at once' ? ask(order) : undefined]);
    const last = answer.outcome === 'unknown' ? await again(order) : answer;
    tally.answered(last, Date.now() - scheduledAtMs);
    if (last.outcome !== 'ok' || last.orderId === null) return;
    onAccepted(last.orderId, scheduledAtMs);
    const replay = order.twice === 'after' ? await ask(order) : twin;
    if (replay?.outcome === 'ok') tally.replayed(isReplay(last, replay));
  }

  async function ask(order: ClientOrder): Promise<Answer> {
    history.begin(order);
    const answer = await client.post(order);
    history.add(order, answer);
    return answer;
  }

  /** Whoever does not know asks once more, a little later, by the same key. */
  async function again(order: ClientOrder): Promise<Answer> {
    await pause(retryAfterMs);
    return ask(order);
  }

  return {
    /** Sends this order now, as the one that was scheduled for this moment. */
    launch(order: ClientOrder, scheduledAtMs: number): void {
      tally.offered();
      if (inFlight.size >= inFlightMax) {
        tally.notSent();
        return;
      }
      const job = send(order, scheduledAtMs).finally(() => inFlight.delete(job));
      inFlight.add(job);
    },
    /** Launches an order at each of these moments, which are milliseconds from now on. */
    async run(momentsMs: Iterable<number>, draw: (atMs: number) => ClientOrder): Promise<void> {
      const startedAtMs = Date.now();
      for (const atMs of momentsMs) {
        const waitMs = startedAtMs + atMs - Date.now();
        // Timers are no finer than a millisecond; what is due within it goes at once.
        if (waitMs >= 1) await pause(waitMs, undefined, { signal });
        this.launch(draw(atMs), startedAtMs + atMs);
      }
    },
    /** Resolves when every order has its answer, or is unknown for good. */
    async idle(): Promise<void> {
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
  };
}

/** The same order again, and one of the two answers says that it is a replay. */
const isReplay = (first: Answer, second: Answer): boolean =>
  first.orderId === second.orderId && first.replayed !== second.replayed;
