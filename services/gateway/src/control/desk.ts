import { type ActionName, actionNames, DeskView } from '@doorbuster/contracts';
import type { Asked, Asker } from './ask.ts';

/** The desk beside the shop, from which processes and brokers can be reached. */
export interface Desk {
  /** What it knows, or undefined where it does not answer. */
  look(): Promise<DeskView | undefined>;
  /** Asks as the operator who shows this. @throws where it does not answer */
  act(action: ActionName, body: object, authorization: string): Promise<Asked>;
}

const lookMs = 2_000;
/** Starting one more instance takes as long as that instance does. */
const actMs = 30_000;

export function openDesk({ ask }: Asker, url: string): Desk {
  return {
    async look() {
      const asked = await ask(`${url}/desk`, { limitMs: lookMs }).catch(() => undefined);
      const view = DeskView.safeParse(asked?.body);
      return view.success ? view.data : undefined;
    },
    act: (action, body, authorization) =>
      ask(`${url}/desk/${action}`, { method: 'POST', headers: { authorization }, body, limitMs: actMs }),
  };
}

export const noDesk =
  'There is no supervisor beside this shop, as in plain containers; one started by `npm start` or `npm run demo` has it';
export const noAcquirer = 'This shop was not told where the acquirer’s knobs are';
const noAnswer = 'The desk beside the shop does not answer';

/** Which actions can work here: why one cannot, or null. */
export function actionsOf({
  hasDesk,
  view,
  hasAcquirer,
}: {
  hasDesk: boolean;
  view: DeskView | undefined;
  hasAcquirer: boolean;
}): Record<ActionName, string | null> {
  const reasons = actionNames.map((name): [ActionName, string | null] => {
    if (name === 'acquirer') return [name, hasAcquirer ? null : noAcquirer];
    if (!hasDesk) return [name, noDesk];
    return [name, view === undefined ? noAnswer : view.actions[name]];
  });
  return Object.fromEntries(reasons) as Record<ActionName, string | null>;
}
