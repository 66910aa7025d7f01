import type { ControlHello, ControlSnapshot } from '@doorbuster/contracts';
import { useEffect, useState } from 'preact/hooks';
import { type Connection, follow } from '../kit/event-source.ts';
import { joined, withNext } from './history.ts';

/** A snapshot comes each second; after five without one nobody knows how the shop does. */
const silenceMs = 5_000;

export interface Control {
  connection: Connection;
  hello: ControlHello | undefined;
  history: readonly ControlSnapshot[];
  /** True when the gateway serves another page by now. */
  isOld: boolean;
}

/** The shop, second by second. */
export function useControl(): Control {
  const [connection, setConnection] = useState<Connection>('connecting');
  const [hello, setHello] = useState<ControlHello>();
  const [version, setVersion] = useState<string>();
  const [history, setHistory] = useState<ControlSnapshot[]>([]);
  useEffect(
    () =>
      follow({
        url: '/control/events',
        silenceMs,
        changed: setConnection,
        on: {
          hello(told: ControlHello) {
            setHello(told);
            setVersion((first) => first ?? told.version);
            setHistory((mine) => joined(mine, told.history));
          },
          snapshot: (next: ControlSnapshot) => setHistory((known) => withNext(known, next)),
        },
      }),
    [],
  );
  return { connection, hello, history, isOld: hello !== undefined && hello.version !== version };
}
