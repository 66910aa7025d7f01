import type { TraceView } from '@doorbuster/contracts';
import { duration } from '../kit/format.ts';
import { barsOf, lengthOf } from './waterfall.ts';

/** The trace as a waterfall. */
export function TraceFigure({ trace }: { trace: TraceView }) {
  const bars = barsOf(trace.spans);
  const length = lengthOf(trace.spans);
  const services = [...new Set(bars.map(({ service }) => service))];
  return (
    <figure class="trace" aria-label="Trace">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <ul class="bars" tabIndex={0} aria-label="Spans">
        {bars.map(({ id, depth, service, name, startMs, durationMs, isError }) => (
          <li key={id} data-error={isError}>
            <span class="bar-name" style={{ paddingInlineStart: `${Math.min(depth, 8) * 10}px` }}>
              <b>{service}</b> {name}
            </span>
            <span class="bar-track">
              <span
                class="bar"
                data-lane={services.indexOf(service) % 4}
                style={{
                  left: `${(100 * startMs) / length}%`,
                  width: `max(2px, ${(100 * durationMs) / length}%)`,
                }}
              />
            </span>
            <span class="bar-time">{duration(durationMs)}</span>
          </li>
        ))}
      </ul>
      <figcaption>
        {bars.length} spans of {services.length} services over {duration(length)}
        {trace.link !== null && (
          <>
            {' · '}
            <a href={trace.link} target="_blank" rel="noreferrer">
              Open it in Jaeger
            </a>
          </>
        )}
      </figcaption>
    </figure>
  );
}
