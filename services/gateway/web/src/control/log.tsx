import type { Mark } from '@doorbuster/contracts';
import { timeOfDay } from '../kit/format.ts';

/** What was done, the latest first; the charts mark the same. */
export const Log = ({ marks }: { marks: readonly Mark[] }) => (
  <section class="panel" aria-labelledby="log-title">
    <h2 id="log-title">What was done</h2>
    {marks.length === 0 ? (
      <p class="hint">Nothing yet.</p>
    ) : (
      <ol class="log">
        {marks
          .toReversed()
          .slice(0, 12)
          .map(({ at, text }) => (
            <li key={at + text}>
              <time dateTime={at}>{timeOfDay(at)}</time>
              <span>{text}</span>
            </li>
          ))}
      </ol>
    )}
  </section>
);
