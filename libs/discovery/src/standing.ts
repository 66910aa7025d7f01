import { createEjection, type EjectionCause } from './ejection.ts';
import { createPulse } from './pulse.ts';
import type { Instance } from './watch.ts';

/** How a try ended, as far as that tells something about the instance. */
export type Outcome =
  /** It answered, and not that it failed. */
  | 'answered'
  /** It answered that it failed. */
  | 'failed'
  /** It broke the connection, or ran out of time. */
  | 'broken'
  /** Nobody listens there. */
  | 'refused'
  /** It was given up to ask another one. Whether that was its fault depends on how the other one does. */
  | 'slow'
  /** It was ended by us or by the client, which says nothing about the instance. */
  | 'dropped';

/** One request to one instance. */
export interface Try {
  readonly instance: Instance;
  /** Aborted, with `Silent`, when the instance is found to hang while another one could do the work. */
  readonly abort: AbortController;
  /** The head of the answer is there, or none will come. Called once. */
  ended(outcome: Outcome): void;
  /** All of the answer is through; only for those that ended with an answer. */
  closed(): void;
  /** Another instance did in time what this one did not; only for those that ended as slow. */
  outdone(): void;
}

/** Why a try was given up: nothing at all is heard of the instance. */
export class Silent extends Error {
  override readonly name = 'Silent';
}

/** What is known of one instance. */
export interface InstanceView {
  id: string;
  state: 'in' | 'out' | 'trial';
  cause: EjectionCause | null;
  /** Requests that wait for the head of an answer. */
  inFlight: number;
}

export interface StandingOptions {
  /** Asks an instance whether it is ready, within a limit. Tells what was heard; never rejects. */
  probe(instance: Instance): Promise<'ready' | 'not ready' | 'nothing'>;
  onEjected(instance: Instance, cause: EjectionCause, forMs: number): void;
  onReturned(instance: Instance, cause: EjectionCause, awayMs: number): void;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

/** What an instance has to know of the others. */
export interface Peers {
  /** True when another instance could do the work. */
  anyIn(): boolean;
  /** True when at least half of the instances are left without this one. */
  canSpare(one: Standing): boolean;
}

/** How one instance stands with whoever calls it. */
export interface Standing {
  readonly instance: Instance;
  state(): 'in' | 'out' | 'trial';
  inFlight(): number;
  /** True when nothing is under way that would have to be remembered. */
  isIdle(): boolean;
  begin(): Try;
  /** Called at a steady pace: does it hang, and if it is out, is it back? */
  check(): Promise<void>;
  view(): InstanceView;
}

const failuresInARowMax = 5;

/** Keeps the standing of one instance: what it answers, whether it is heard at all, and its ejections. */
export function createStanding(instance: Instance, peers: Peers, options: StandingOptions): Standing {
  const ejection = createEjection({
    now: options.now,
    onEjected: (cause, forMs) => options.onEjected(instance, cause, forMs),
    onReturned: (cause, awayMs) => options.onReturned(instance, cause, awayMs),
  });
  const pulse = createPulse();
  /** Tries whose answers are not through yet. */
  const open = new Set<AbortController>();
  let inFlight = 0;
  let failuresInARow = 0;
  let isProbed = false;

  /** `isProof`: the instance was chosen although it was out, so this one try decides. */
  function judge(outcome: Outcome, isProof: boolean): void {
    if (outcome === 'refused') ejection.eject('refused');
    if (outcome === 'answered') {
      pulse.heard();
      failuresInARow = 0;
      if (isProof) ejection.readmit();
    }
    if (outcome === 'failed' || outcome === 'broken') {
      if (outcome === 'failed') pulse.heard();
      failuresInARow++;
      const isTooMany = failuresInARow >= failuresInARowMax && peers.canSpare(self);
      if (isProof || isTooMany) ejection.eject('failing');
    }
  }

  async function ask(): Promise<void> {
    isProbed = true;
    const heard = await options.probe(instance);
    isProbed = false;
    if (heard !== 'nothing') pulse.heard();
    if (heard === 'ready') ejection.ready();
  }

  const self: Standing = {
    instance,
    state: ejection.state,
    inFlight: () => inFlight,
    isIdle: () => open.size === 0 && !isProbed,
    begin() {
      const isProof = ejection.state() !== 'in';
      const abort = new AbortController();
      inFlight++;
      open.add(abort);
      return {
        instance,
        abort,
        ended(outcome) {
          inFlight--;
          if (outcome !== 'answered') open.delete(abort);
          judge(outcome, isProof);
        },
        closed: () => void open.delete(abort),
        outdone: () => judge('broken', isProof),
      };
    },
    async check() {
      const sound = pulse.tick(inFlight > 0 || isProbed);
      if (sound === 'silent') {
        if (ejection.state() !== 'out') ejection.eject('silent');
        if (peers.anyIn()) for (const abort of open) abort.abort(new Silent());
      }
      const isWorthAsking = ejection.state() === 'out' ? ejection.isDue() : sound !== 'alive';
      if (isWorthAsking && !isProbed) await ask();
    },
    view: () => ({ id: instance.id, state: ejection.state(), cause: ejection.cause() ?? null, inFlight }),
  };
  return self;
}
