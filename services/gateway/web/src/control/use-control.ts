import type { ControlHello, ControlSnapshot } from '@doorbuster/contracts';
import { useEffect, useState } from 'preact/hooks';
import { type Connection, follow } from '../kit/event-source.ts';
import { createPace } from '../kit/pace.ts';
import { joined, type Moment, momentOf, withNext } from './history.ts';

/** A snapshot comes each second; after five without one nobody knows how the shop does. */
const silenceMs = 5_000;

interface Seen {
  /** The shop as it is; undefined while nobody has said. */
  now: ControlSnapshot | undefined;
  history: readonly Moment[];
}

export interface Control extends Seen {
  connection: Connection;
  hello: ControlHello | undefined;
  /** True when the gateway serves another page by now. */
  isOld: boolean;
}

/** The shop, second by second. */
export function useControl(): Control {
  const [connection, setConnection] = useState<Connection>('connecting');
  const [hello, setHello] = useState<ControlHello>();
  const [version, setVersion] = useState<string>();
  const [seen, show] = useState<Seen>({ now: undefined, history: [] });
  useEffect(() => {
    let latest = seen;
    const pace = createPace(() => show(latest));
    const leave = follow({
      url: '/control/events',
      silenceMs,
      changed: setConnection,
      on: {
        hello(told: ControlHello) {
          setHello(told);
          setVersion((first) => first ?? told.version);
          latest = {
            now: told.history.at(-1) ?? latest.now,
            history: joined(latest.history, told.history.map(momentOf)),
          };
          pace.now();
        },
        snapshot(now: ControlSnapshot) {
          const isNews = latest.now === undefined || newsOf(latest.now) !== newsOf(now);
          latest = { now, history: withNext(latest.history, momentOf(now)) };
          if (isNews) pace.now();
          else pace.soon();
        },
      },
    });
    return () => {
      leave();
      pace.end();
    };
  }, []);
  return { connection, hello, ...seen, isOld: hello !== undefined && hello.version !== version };
}

/** What nobody should hear of later than others: all but the numbers. */
const newsOf = ({
  services,
  faults,
  spike,
  verdict,
  marks,
  deadLetters,
  parkedSagas,
}: ControlSnapshot): string =>
  JSON.stringify([
    services.flatMap(({ instances }) => instances.map(({ id, state, door }) => [id, state, door])),
    [faults, spike?.state, verdict?.verdict, verdict?.isFinal, marks.at(-1)?.at, deadLetters, parkedSagas],
  ]);
