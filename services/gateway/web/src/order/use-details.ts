import type { OrderMails, OrderMessages, TraceView } from '@doorbuster/contracts';
import { useEffect, useState } from 'preact/hooks';
import { ask, Refused, sentence } from '../kit/http.ts';

/** How long what was just told takes to be found: messages are read from Kafka, spans are exported in batches. */
const settleMs = { messages: 700, mails: 1_200, trace: 2_500 };
const retryMs = 2_500;
/** The mail and the trace come after the order’s end, so they are looked for more than once. */
const triesMax = { messages: 3, mails: 5, trace: 6 };

interface Detail<Answer> {
  answer: Answer | undefined;
  /** Why there is none. */
  why: string | undefined;
  isLooking: boolean;
}

/** Looks for something about an order, again with each of its versions, and gives up after a few tries. */
function useDetail<Answer>(
  id: string,
  what: keyof typeof settleMs,
  version: number,
  isThere: (answer: Answer) => boolean,
): Detail<Answer> {
  const [detail, setDetail] = useState<Detail<Answer>>({
    answer: undefined,
    why: undefined,
    isLooking: true,
  });
  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    let tries = 0;
    const look = async () => {
      const again = (waitMs: number) => {
        const isLooking = ++tries < triesMax[what];
        if (isLooking) timer = setTimeout(look, waitMs);
        return isLooking;
      };
      try {
        const answer = await ask<Answer>(`/orders/${encodeURIComponent(id)}/${what}`, {
          signal: gone.signal,
        });
        const isLooking = !isThere(answer) && again(retryMs);
        setDetail({ answer, why: undefined, isLooking });
      } catch (thrown) {
        if (gone.signal.aborted) return;
        const wait = thrown instanceof Refused ? (thrown.retryAfterMs ?? retryMs) : retryMs;
        const isLooking = again(wait);
        setDetail(({ answer }) => ({ answer, why: sentence(thrown), isLooking }));
      }
    };
    timer = setTimeout(look, settleMs[what]);
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [id, what, version]);
  return detail;
}

/** What lies in Kafka, in the mailbox and in Jaeger about an order. */
export function useDetails(id: string, version: number, isEnded: boolean) {
  return {
    messages: useDetail<OrderMessages>(id, 'messages', version, ({ items }) => items.length > 0),
    mails: useDetail<OrderMails>(id, 'mails', isEnded ? version : 0, ({ items }) => items.length > 0),
    trace: useDetail<TraceView>(id, 'trace', isEnded ? version : 0, ({ spans }) => spans.length > 0),
  };
}
