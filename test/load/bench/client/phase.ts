import { setTimeout as pause } from 'node:timers/promises';
import { arrivals } from '../../curve.ts';
import type { ClientOrder } from '../../orders.ts';
import type { Random } from '../../random.ts';
import type { Phase, Seen } from './messages.ts';
import { createRecorder } from './recorder.ts';
import { createSender, type SenderParts } from './sender.ts';

export interface PhaseParts extends SenderParts {
  draw(): ClientOrder;
  random: Random;
  onWindowBegan(): void;
  onWindowEnded(): void;
}

/** Whoever keeps orders open and is sent away comes again after this long. */
const comeAgainMs = 50;

/** Sends the orders of one phase, waits until each is settled, and tells what was seen in the window. */
export async function runPhase(phase: Phase, parts: PhaseParts): Promise<Seen> {
  const { arrivals: how, rampMs, windowMs } = phase;
  const recorder = createRecorder();
  const sender = createSender(parts);
  const startedAtMs = performance.now();
  const window = { fromMs: startedAtMs + rampMs, toMs: startedAtMs + rampMs + windowMs };

  async function keepOneOpen(): Promise<void> {
    while (performance.now() < window.toMs) {
      const { outcome } = await sender.launch(parts.draw(), performance.now(), recorder.add);
      if (outcome !== 'ok') await pause(comeAgainMs);
    }
  }

  async function sendBySchedule(perS: number): Promise<void> {
    const curve = { seconds: (rampMs + windowMs) / 1_000, basePerS: perS, peakPerS: perS };
    for (const atMs of arrivals(curve, parts.random))
      await sender.launchAt(startedAtMs + atMs, parts.draw, recorder.add);
  }

  const sending =
    how.kind === 'closed'
      ? Promise.all(Array.from({ length: how.openOrders }, keepOneOpen))
      : sendBySchedule(how.perS);
  const cpuSeconds = await watchWindow(window, parts);
  const lost = await sender.settled(sending);
  return { ...recorder.of(window), lost, clientCpuSeconds: cpuSeconds };
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
