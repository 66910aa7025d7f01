import { z } from 'zod';
import { blockingQuery } from '../blocking-query.ts';
import { connectConsul } from '../consul.ts';
import { follow } from '../follow.ts';
import type { Log } from '../log.ts';
import { createTold, type Told } from './told.ts';

/** One of Consul's intentions: whether a service may call this one. */
const Intention = z.object({
  SourceName: z.string(),
  /** Another cluster, whose services may have the same names as ours. */
  SourcePeer: z.string().optional(),
  /** Empty where it speaks of single routes, which nobody here reads. */
  Action: z.string().optional(),
});
export type Intention = z.infer<typeof Intention>;

const anybody = '*';
const Answer = z.record(z.string(), z.array(Intention).nullable());

/** Whether they let a service in: the first that speaks of it decides, and where none does nobody comes in. */
export function letsIn(intentions: readonly Intention[], caller: string): boolean {
  const first = intentions.find(
    ({ SourceName, SourcePeer }) => !SourcePeer && (SourceName === caller || SourceName === anybody),
  );
  return first?.Action === 'allow';
}

/**
 * Keeps the intentions that speak of those who call a service, in the order in which they count. Consul could be asked at
 * each connection (`/v1/agent/connect/authorize`); so it is asked once, and a revocation is heard of at once.
 */
export function followIntentions(consulUrl: string, service: string, log: Log): Told<Intention[]> {
  const { told, tell } = createTold<Intention[]>(() => close());
  const { close } = follow<unknown>({
    consul: connectConsul(consulUrl),
    method: blockingQuery(consulUrl, `/v1/connect/intentions/match?by=destination&name=${service}`),
    options: {},
    onAnswer: (answer) => tell(Answer.parse(answer)[service] ?? []),
    onSilence: (error) => log.warn({ service, error: String(error) }, 'Consul does not say who may call'),
  });
  return told;
}
