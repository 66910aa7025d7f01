import { mulberry32, type Random, wholeBetween } from '../../load/random.ts';

/** One fault of a random schedule; it is data, so that it can be printed, left out and done again. */
export interface Step {
  /** Its place in the whole schedule, by which it is called. */
  n: number;
  atMs: number;
  forMs: number;
  kind: keyof typeof kinds;
  target: string;
}

const services = ['order', 'inventory', 'payment', 'notification'];
const instances = [
  ...services.flatMap((name) => [`${name}-1`, `${name}-2`]),
  'gateway-1',
  'acquirer-1',
  'mailbox-1',
];
const links = ['kafka', ...services.map((name) => `postgres.${name}`), 'acquirer', 'mail', 'consul', 'otlp'];

/** What can go wrong, at what, for how long at most (in milliseconds), and how often it is drawn among all. */
const kinds = {
  kill: { targets: [...instances, 'kafka', 'postgres', 'consul', 'jaeger'], forMs: 0, weight: 6 },
  restart: { targets: instances, forMs: 0, weight: 3 },
  pause: { targets: [...instances, 'kafka', 'consul'], forMs: 9_000, weight: 4 },
  cut: { targets: links, forMs: 6_000, weight: 3 },
  'half-open': { targets: links, forMs: 6_000, weight: 2 },
  'black hole': { targets: links, forMs: 8_000, weight: 2 },
  delay: { targets: links, forMs: 8_000, weight: 2 },
  throttle: { targets: links, forMs: 8_000, weight: 1 },
  'commit unknown': { targets: services, forMs: 3_000, weight: 2 },
  'response lost': { targets: services.slice(0, 3), forMs: 0, weight: 2 },
  'immediate shutdown': { targets: ['postgres'], forMs: 0, weight: 1 },
  skew: { targets: [...services, 'gateway', 'acquirer'], forMs: 15_000, weight: 3 },
  duplicates: { targets: ['all topics'], forMs: 0, weight: 2 },
  errors: { targets: ['acquirer'], forMs: 5_000, weight: 1 },
  'lost answers': { targets: ['acquirer'], forMs: 5_000, weight: 1 },
} as const;

const gapMs = { min: 1_500, max: 7_000 };
const leastMs = 500;

/** Draws a schedule for so many milliseconds. The same seed gives the same one. */
export function drawSchedule(seed: number, lengthMs: number): Step[] {
  const random = mulberry32(seed);
  const steps: Step[] = [];
  let atMs = wholeBetween(random, gapMs.min, gapMs.max);
  while (atMs < lengthMs) {
    const kind = drawKind(random);
    const { targets, forMs } = kinds[kind];
    const target = targets[Math.floor(random() * targets.length)] ?? '';
    steps.push({
      n: steps.length + 1,
      atMs,
      forMs: forMs === 0 ? 0 : wholeBetween(random, leastMs, forMs),
      kind,
      target,
    });
    atMs += wholeBetween(random, gapMs.min, gapMs.max);
  }
  return steps;
}

const names = Object.keys(kinds) as (keyof typeof kinds)[];
const weights = names.reduce((sum, name) => sum + kinds[name].weight, 0);

function drawKind(random: Random): keyof typeof kinds {
  let point = random() * weights;
  for (const name of names) {
    point -= kinds[name].weight;
    if (point < 0) return name;
  }
  return 'kill';
}

/** The longest that nothing need happen between two faults. */
const idleMsMax = 8_000;

/** The same steps, without the long waits that others have left between them. */
export function closeUp(steps: readonly Step[]): Step[] {
  let [busyUntilMs, movedMs] = [0, 0];
  return steps.map((step) => {
    movedMs += Math.max(0, step.atMs - busyUntilMs - idleMsMax);
    busyUntilMs = Math.max(busyUntilMs, step.atMs + step.forMs);
    return { ...step, atMs: step.atMs - movedMs };
  });
}

/** A step as people read it. */
export const describe = ({ n, atMs, forMs, kind, target }: Step): string =>
  `${String(n).padStart(3)}  ${(atMs / 1_000).toFixed(1).padStart(6)} s  ${kind} ${target}` +
  (forMs === 0 ? '' : ` for ${(forMs / 1_000).toFixed(1)} s`);
