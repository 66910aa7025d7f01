import { openControlRooms } from './control-rooms.ts';
import { type Figures, figuresOf } from './measure/figures.ts';
import { measure } from './measure/measure.ts';
import type { Plan } from './plan.ts';
import { type RunContext, type StartSide, warmUp, withSide } from './run-side.ts';
import { comparedShop, type ShopVariant, startShopSide } from './sides/shop.ts';
import type { Side } from './sides/side.ts';

/** Two shops that differ in one thing. */
export interface Setting {
  base: Partial<ShopVariant>;
  changed: Partial<ShopVariant>;
  /** What goes on at the changed one during its windows; resolves once it does, to what ends it. */
  meanwhile?: (shop: Side) => Promise<() => Promise<void>>;
}

const untraced = { traceShare: 0 };

/** The settings whose cost is told. */
export const settings: Record<string, Setting> = {
  'metrics; only orders that ask for a trace are traced': {
    base: { ...untraced, telemetry: false },
    changed: untraced,
  },
  'one order in a hundred traced': { base: untraced, changed: { traceShare: 0.01 } },
  'every order traced': { base: untraced, changed: { traceShare: 1 } },
  'mutual TLS between the services': { base: untraced, changed: { ...untraced, mtls: true } },
  'three browsers that watch the control room': {
    base: { desk: true },
    changed: { desk: true },
    meanwhile: ({ target }) => openControlRooms(target, 3),
  },
};

export interface Pair {
  base: Figures;
  changed: Figures;
}

/**
 * Measures what a setting costs: both shops are up side by side and loaded in turns, a window each, so that a machine that
 * is faster at some times than at others is so for both. The one that waits costs the other something, and the same.
 * @throws when an auditor finds anything in the books of either
 */
export async function runPaired(
  { base, changed, meanwhile = async () => async () => {} }: Setting,
  pairs: number,
  plan: Plan,
  context: RunContext,
): Promise<Pair[]> {
  const start =
    (variant: Partial<ShopVariant>): StartSide =>
    (options) =>
      startShopSide(options, { ...comparedShop, ...variant });
  return withSide(start(base), context, (one, toOne) =>
    withSide(start(changed), context, async (other, toOther) => {
      const arrivals = { kind: 'closed', openOrders: plan.barAt } as const;
      const atOne = async () => figuresOf(await measure(one, toOne, arrivals, plan.times));
      const atOther = async () => {
        const end = await meanwhile(other);
        return measure(other, toOther, arrivals, plan.times).then(figuresOf).finally(end);
      };
      await warmUp(one, toOne, plan);
      await warmUp(other, toOther, plan);
      const measured: Pair[] = [];
      for (let n = 0; n < pairs; n++) {
        context.signal.throwIfAborted();
        // Who comes first changes from pair to pair, or a machine that gets slower would speak against one of them.
        const first = n % 2 === 0 ? await atOne() : await atOther();
        const second = n % 2 === 0 ? await atOther() : await atOne();
        const pair = n % 2 === 0 ? { base: first, changed: second } : { base: second, changed: first };
        measured.push(pair);
        context.say(`pair ${n + 1}: ${line(pair)}`);
      }
      for (const side of [one, other]) {
        const verdict = await side.judge();
        if (!verdict.holds) throw new Error(`What is fast and wrong is no result:\n${verdict.evidence}`);
      }
      return measured;
    }),
  );
}

const line = ({ base, changed }: Pair): string =>
  [base, changed]
    .map(
      ({ ordersPerSecond, cpuSecondsPer1000Orders }) =>
        `${ordersPerSecond}/s, ${cpuSecondsPer1000Orders} CPU-s`,
    )
    .join(' | ');
