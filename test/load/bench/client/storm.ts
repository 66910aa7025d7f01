import { arrivals } from '../../curve.ts';
import type { ClientOrder } from '../../orders.ts';
import type { Random } from '../../random.ts';
import type { Customers } from '../mix.ts';
import type { StormSeen, Stream } from './messages.ts';
import { createSender, type SenderParts, type SettledShot } from './sender.ts';
import { streamSeen } from './stream-seen.ts';

export interface StormParts extends SenderParts {
  draw(customers: Customers): ClientOrder;
  random: Random;
}

/** Sends the orders of all streams, each at its moment whatever became of the others, and waits until all are settled. */
export async function runStorm(streams: readonly Stream[], parts: StormParts): Promise<StormSeen> {
  const sender = createSender(parts);
  const shots = new Map<Stream, SettledShot[]>(streams.map((stream) => [stream, []]));
  const schedule = scheduleOf(streams, parts.random);
  const startedAtMs = performance.now();

  async function sendAll(): Promise<void> {
    for (const { atMs, stream } of schedule) {
      const draw = () => parts.draw(stream.customers);
      await sender.launchAt(startedAtMs + atMs, draw, (shot) => shots.get(stream)?.push(shot));
    }
  }

  const lost = await sender.settled(sendAll());
  const all = [...shots.values()].flat();
  return {
    streams: [...shots].map(([stream, own]) => streamSeen(stream, startedAtMs, own, all)),
    lost,
  };
}

/** The orders of all streams in the order of their moments: each stream is a Poisson process of its own. */
export function scheduleOf(streams: readonly Stream[], random: Random): { atMs: number; stream: Stream }[] {
  const own = streams.map((stream) => {
    const { fromMs, toMs, perS } = stream;
    const curve = { seconds: (toMs - fromMs) / 1_000, basePerS: perS, peakPerS: perS };
    return Array.from(arrivals(curve, random), (atMs) => ({ atMs: fromMs + atMs, stream }));
  });
  return own.flat().sort((a, b) => a.atMs - b.atMs);
}
