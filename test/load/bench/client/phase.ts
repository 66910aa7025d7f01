import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../../client.ts';
import { arrivals } from '../../curve.ts';
import type { History } from '../../history.ts';
import type { ClientOrder } from '../../orders.ts';
import type { Random } from '../../random.ts';
import type { Confirmations } from './confirmations.ts';
import type { Phase, Seen } from './messages.ts';
import { createRecorder } from './recorder.ts';

export interface PhaseParts {
  client: Client;
  confirmations: Confirmations;
  history: History;
  draw(): ClientOrder;
  random: Random;
  onWindowBegan(): void;
  onWindowEnded(): void;
}

/** More unanswered orders than this are a client that is full: then it does not send, and says so. */
const unansweredMax = 4_000;
/** After this long, an order of which nobody has heard counts as lost. */
const settleLimitMs = 90_000;
/** Whoever keeps orders open and is sent away comes again after this long. */
const comeAgainMs = 50;

/** Sends the orders of one phase, waits until each is settled, and tells what was seen in the window. */
export async function runPhase(phase: Phase, parts: PhaseParts): Promise<Seen> {
  const { arrivals: how, rampMs, windowMs } = phase;
  const recorder = createRecorder();
  const underWay = new Set<Promise<void>>();
  let unanswered = 0;
  const startedAtMs = performance.now();
  const window = { fromMs: startedAtMs + rampMs, toMs: startedAtMs + rampMs + windowMs };

  function launch(scheduledAtMs: number): Promise<void> {
    const shot = shoot(scheduledAtMs).finally(() => underWay.delete(shot));
    underWay.add(shot);
    return shot;
  }

  async function shoot(scheduledAtMs: number): Promise<void> {
    const order = parts.draw();
    unanswered++;
    const answer = await parts.client.post(order);
    unanswered--;
    parts.history.add(order, answer);
    const { outcome, orderId } = answer;
    const isConfirmed = outcome === 'ok' && orderId !== null && (await parts.confirmations.of(orderId));
    const confirmedAtMs = isConfirmed ? performance.now() : undefined;
    recorder.add({ scheduledAtMs, outcome, confirmedAtMs });
    if (outcome !== 'ok' && how.kind === 'closed') await pause(comeAgainMs);
  }

  async function keepOneOpen(): Promise<void> {
    while (performance.now() < window.toMs) await launch(performance.now());
  }

  async function sendBySchedule(perS: number): Promise<void> {
    const curve = { seconds: (rampMs + windowMs) / 1_000, basePerS: perS, peakPerS: perS };
    for (const atMs of arrivals(curve, parts.random)) {
      const scheduledAtMs = startedAtMs + atMs;
      const waitMs = scheduledAtMs - performance.now();
      // Timers are no finer than a millisecond; what is due within it goes at once.
      if (waitMs >= 1) await pause(waitMs);
      if (unanswered < unansweredMax) void launch(scheduledAtMs);
      else recorder.add({ scheduledAtMs, outcome: 'notSent' });
    }
  }

  const sending =
    how.kind === 'closed'
      ? Promise.all(Array.from({ length: how.openOrders }, keepOneOpen))
      : sendBySchedule(how.perS);
  const cpuSeconds = await watchWindow(window, parts);
  await Promise.race([
    sending.then(() => settled(underWay)),
    pause(settleLimitMs, undefined, { ref: false }),
  ]);
  return { ...recorder.of(window), lost: underWay.size, clientCpuSeconds: cpuSeconds };
}

/** Tells when the window begins and ends, and gives the processor time that this process used in it. */
async function watchWindow(
  { fromMs, toMs }: { fromMs: number; toMs: number },
  { onWindowBegan, onWindowEnded }: PhaseParts,
): Promise<number> {
  await pause(Math.max(0, fromMs - performance.now()));
  const before = process.cpuUsage();
  onWindowBegan();
  await pause(Math.max(0, toMs - performance.now()));
  const { user, system } = process.cpuUsage(before);
  onWindowEnded();
  return (user + system) / 1_000_000;
}

async function settled(underWay: ReadonlySet<Promise<void>>): Promise<void> {
  while (underWay.size > 0) await Promise.all(underWay);
}
