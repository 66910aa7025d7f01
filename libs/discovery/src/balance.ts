import {
  createStanding,
  type InstanceView,
  type Peers,
  type Standing,
  type StandingOptions,
  type Try,
} from './standing.ts';
import type { Instance, Watched } from './watch.ts';

export interface Wish {
  /** May be sent again after it has left: only such requests are put at risk to try an instance out. */
  isRepeatable: boolean;
  /** Origins that are not wanted, because they were tried already. */
  except?: ReadonlySet<string>;
}

export interface Balancer {
  /** Begins a try at the instance with the least to do, or gives undefined when there is none. */
  begin(wish: Wish): Try | undefined;
  /** Called four times a second: finds who hangs, and asks those who were passed over whether they are back. */
  tick(): Promise<void>;
  view(): InstanceView[];
}

const isIn = (one: Standing): boolean => one.state() === 'in';

/**
 * Spreads requests over the healthy instances and passes over those that are not, seconds before the registry knows.
 * The one with the fewest requests in flight is next: whoever hangs keeps what it was given, and so is given no more
 * than a few.
 *
 * Refusal and silence are facts and eject at once. Failures are ambiguous (a bug that one client meets, a database
 * that all share), so it takes five in a row, and they never eject more than half. **When all are ejected, all are
 * used**, rather than answering 503: that an instance is out is a suspicion of this process, and when it suspects
 * everybody, it is likelier wrong, or all are only slow. A refusal costs next to nothing and silence no more than the
 * limit of a try, while a 503 would make an outage of a slowness. 503 is for when the registry names nobody.
 * Sources: outlier detection, least request and panic threshold in Envoy; failure accrual in Finagle.
 */
export function createBalancer({ instances }: Watched, options: StandingOptions): Balancer {
  const standings = new Map<string, Standing>();
  let turn = 0;

  const peers: Peers = {
    anyIn: () => listed().some(isIn),
    canSpare(one) {
      const all = listed();
      return all.filter((other) => other !== one && isIn(other)).length * 2 >= all.length;
    },
  };

  const listed = (): Standing[] => instances().map(standingOf);

  function standingOf(instance: Instance): Standing {
    const known = standings.get(instance.origin);
    if (known !== undefined) return known;
    const fresh = createStanding(instance, peers, options);
    standings.set(instance.origin, fresh);
    return fresh;
  }

  function choose({ isRepeatable, except = new Set() }: Wish): Standing | undefined {
    const all = listed();
    const left = all.filter(({ instance }) => !except.has(instance.origin));
    const onTrial = left.find((one) => one.state() === 'trial' && one.inFlight() === 0);
    if (onTrial !== undefined && isRepeatable && except.size === 0) return onTrial;
    const usable = all.some(isIn) ? left.filter(isIn) : left;
    turn = (turn + 1) % Math.max(1, usable.length);
    const inTurn = [...usable.slice(turn), ...usable.slice(0, turn)];
    return inTurn.sort((a, b) => a.inFlight() - b.inFlight())[0];
  }

  /** Forgets those that the registry no longer names, as soon as nothing is under way to them. */
  function forget(): void {
    const named = new Set(listed());
    for (const [origin, one] of standings) {
      if (!named.has(one) && one.isIdle()) standings.delete(origin);
    }
  }

  return {
    begin: (wish) => choose(wish)?.begin(),
    async tick() {
      forget();
      await Promise.all([...standings.values()].map((one) => one.check()));
    },
    view: () => listed().map((one) => one.view()),
  };
}
