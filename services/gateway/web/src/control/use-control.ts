import type { ControlHello, ControlSnapshot } from '@doorbuster/contracts';
import { useEffect, useState } from 'preact/hooks';
import { type Connection, follow } from '../kit/event-source.ts';
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
    // A tab in the background remembers, and shows it when somebody looks.
    const look = () => {
      if (!document.hidden) show(latest);
    };
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
          look();
        },
        snapshot(now: ControlSnapshot) {
          latest = { now, history: withNext(latest.history, momentOf(now)) };
          look();
        },
      },
    });
    document.addEventListener('visibilitychange', look);
    return () => {
      leave();
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return { connection, hello, ...seen, isOld: hello !== undefined && hello.version !== version };
}
