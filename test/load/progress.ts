import { count } from '../audit/words.ts';
import type { Following } from './follow.ts';
import { percentile } from './percentiles.ts';
import type { Tally } from './tally.ts';

export interface ProgressOptions {
  tally: Tally;
  following: Following;
  lag(): Promise<number>;
  /** What is going on, as one line: "doors open in 4 s". */
  phase(): string;
  out: NodeJS.WriteStream;
}

interface Sample {
  atMs: number;
  offered: number;
  accepted: number;
  shed: number;
}

const redrawEveryMs = 500;
const lineEveryMs = 5_000;
/** Rates are those of the last seconds: one second alone jumps too much to be read. */
const windowMs = 3_000;

/** Shows how it goes: a block that is redrawn on a terminal, elsewhere a line every five seconds. */
export function showLoad({ tally, following, lag, phase, out }: ProgressOptions) {
  const samples: Sample[] = [sampleOf(tally)];
  let behind = 0;
  let drawn = 0;

  function figures(): string[] {
    const rates = ratesOf(samples, sampleOf(tally));
    const recent = Float64Array.from(tally.acceptMs.slice(-500)).sort();
    return [
      phase(),
      `offered ${rates.offered}/s  accepted ${rates.accepted}/s  shed ${rates.shed}/s  p99 accept ${count(percentile(recent, 99))} ms`,
      `confirmed ${count(following.confirmed)}  cancelled ${count(following.cancelled)}  open ${count(following.open)}  lag ${count(behind)}`,
    ];
  }

  function clear(): void {
    if (drawn > 0) out.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  }

  function redraw(): void {
    const lines = figures().map((line) => line.slice(0, (out.columns ?? 80) - 1));
    clear();
    out.write(`${lines.join('\n')}\n`);
    drawn = lines.length;
  }

  const draw = () => (out.isTTY ? redraw() : void out.write(`${figures().join('  ')}\n`));
  const timers = [
    setInterval(draw, out.isTTY ? redrawEveryMs : lineEveryMs),
    setInterval(
      () =>
        void lag().then(
          (messages) => (behind = messages),
          () => undefined,
        ),
      2_000,
    ),
  ];
  return {
    close(): void {
      for (const timer of timers) clearInterval(timer);
      clear();
    },
  };
}

const sampleOf = ({ counts: { offered, accepted, shed } }: Tally): Sample => ({
  atMs: Date.now(),
  offered,
  accepted,
  shed,
});

/** How much was added per second since the oldest sample of the window. */
function ratesOf(samples: Sample[], now: Sample) {
  samples.push(now);
  while (samples.length > 2 && now.atMs - (samples[1]?.atMs ?? 0) >= windowMs) samples.shift();
  const [then = now] = samples;
  const seconds = Math.max(0.5, (now.atMs - then.atMs) / 1_000);
  const per = (field: 'offered' | 'accepted' | 'shed') => count((now[field] - then[field]) / seconds);
  return { offered: per('offered'), accepted: per('accepted'), shed: per('shed') };
}
