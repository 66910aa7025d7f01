import type { OrderEvent, OrderView } from '@doorbuster/contracts';
import { useEffect, useState } from 'preact/hooks';
import { backOffMs } from '../kit/back-off.ts';
import { type Connection, follow } from '../kit/event-source.ts';
import { ask, Refused, sentence } from '../kit/http.ts';
import { apply } from './steps.ts';

const isFinal = ({ state }: OrderView): boolean => state === 'completed' || state === 'cancelled';

/** An order, as it happens. */
export function useOrder(id: string) {
  const [order, setOrder] = useState<OrderView>();
  const [error, setError] = useState<string>();
  const [connection, setConnection] = useState<Connection>('connecting');
  /** Counts how often the whole order was asked for: once, and once more when it has ended. */
  const [round, setRound] = useState(0);
  const [isOpen, setOpen] = useState(true);
  const path = `/orders/${encodeURIComponent(id)}`;

  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    let failures = 0;
    const load = async () => {
      try {
        const whole = await ask<OrderView>(path, { signal: gone.signal });
        setOrder(whole);
        if (isFinal(whole)) setOpen(false);
        setError(undefined);
      } catch (thrown) {
        if (gone.signal.aborted) return;
        setError(sentence(thrown));
        if (thrown instanceof Refused && thrown.isPassing) timer = setTimeout(load, backOffMs(failures++));
      }
    };
    void load();
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [path, round]);

  const isEnded = order !== undefined && isFinal(order);
  const isFollowed = order !== undefined && isOpen;
  useEffect(() => {
    if (!isFollowed) return;
    return follow({
      url: `${path}/events`,
      changed: setConnection,
      on: {
        order: (event: OrderEvent) => setOrder((known) => known && apply(known, event)),
        // What was ignored makes no version and no event; it stands only in the order as a whole.
        end: () => {
          setOpen(false);
          setRound((n) => n + 1);
        },
      },
    });
  }, [path, isFollowed]);

  return { order, error, connection: isOpen ? connection : ('live' as const), isEnded };
}
