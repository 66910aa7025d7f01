import { duration, exactTime, words } from '../kit/format.ts';
import type { Moment } from './steps.ts';

/** Everything that happened to the order, a message at a time. */
export const Timeline = ({ moments }: { moments: readonly Moment[] }) => (
  <ol class="timeline" aria-label="Timeline">
    {moments.map((moment) => (
      <Item key={moment.key} moment={moment} />
    ))}
  </ol>
);

const Item = ({ moment }: { moment: Moment }) => {
  const { kind, what, from, to, at, entry, sinceLastMs, payload, place } = moment;
  return (
    <li
      class="moment"
      data-kind={kind}
      data-from={from}
      data-ignored={entry != null && entry.ignored !== null}
    >
      <div class="moment-time">
        <time dateTime={at}>{exactTime(at)}</time>
        <span class="since">{sinceLastMs === undefined ? '' : `+${duration(sinceLastMs)}`}</span>
      </div>
      <div class="moment-what">
        <p class="moment-title">
          <strong>{kind === 'mail' ? what : words(what)}</strong>
          <span class="route">
            {from}
            <span aria-hidden="true"> → </span>
            <span class="visually-hidden"> to </span>
            {to ?? 'all'}
          </span>
        </p>
        {entry && entry.ignored === null && (
          <p class="made">
            order is <span class="chip">{entry.state}</span>
            {kind === 'decision' && entry.sent.length > 0 && ` and sends ${entry.sent.map(words).join(', ')}`}
          </p>
        )}
        {entry?.ignored && <p class="made">ignored: {entry.ignored}</p>}
        {entry?.note && <p class="made">{entry.note}</p>}
        {payload !== undefined && (
          <details>
            <summary>Payload</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
            <pre tabIndex={0}>{JSON.stringify(payload, undefined, 2)}</pre>
            {place && <p class="place">{place}</p>}
          </details>
        )}
      </div>
    </li>
  );
};
