import { flows, type MessageType, participants, type Traffic } from '@doorbuster/contracts';
import { countOf, type Pick, sumOf } from './reading.ts';

/** How much a pick grew in a second, over all instances of a service. */
export type PerS = (service: string, pick: Pick) => number;

/** Who sends messages of a type: nobody else does. */
const senderOf = (type: MessageType): string | undefined =>
  participants.find((service) => flows[service].sends.includes(type));

const outside = [
  { from: 'payment', to: 'acquirer', effects: 'acquirer.' },
  { from: 'notification', to: 'mailbox', effects: 'mail.' },
];

/** What went from one to another, always the same pairs, so that a map of them stands still. */
export function trafficOf(perS: PerS): Traffic[] {
  const requests = participants
    .filter((service) => service === 'order' || service === 'inventory')
    .map((to) => ({
      from: 'gateway',
      to,
      perS: perS(
        'gateway',
        sumOf('doorbuster.door.requests', ({ upstream }) => upstream === to),
      ),
    }));
  const messages = participants.flatMap((to) =>
    participants.flatMap((from) => {
      const types = flows[to].receives.filter((type) => senderOf(type) === from);
      if (types.length === 0) return [];
      const own = sumOf('doorbuster.messages.handled', ({ type }) => types.some((one) => one === type));
      return [{ from, to, perS: perS(to, own) }];
    }),
  );
  const effects = outside.map(({ from, to, effects }) => ({
    from,
    to,
    perS: perS(
      from,
      countOf('doorbuster.effect.duration', ({ type }) => String(type).startsWith(effects)),
    ),
  }));
  const through = requests.reduce((sum, one) => sum + one.perS, 0);
  const shed = perS('gateway', sumOf('doorbuster.door.shed'));
  return [{ from: 'customers', to: 'gateway', perS: through + shed }, ...requests, ...messages, ...effects];
}
