import type { IncomingHttpHeaders } from 'node:http';

let share: () => number = () => 0;
/** What the requests so far have saved up for the next trace: shares of one. */
let due = 0;

/**
 * From now on the share of the requests without a trace that begin one, 0 to 1, is what this tells. Telemetry starts
 * before the service and has the environment's; the service, once it runs, has a live one. This stands between the two,
 * so that neither has to load the other.
 */
export function followTraceShare(tell: () => number): void {
  share = tell;
}

/**
 * Whether a request leaves spans: if it comes with a trace that is recorded, or begins one here. It is asked before any
 * span is made, since one that is made and then not recorded costs almost as much as one that is: without this, a door
 * that recorded one request in a hundred spent a quarter of its time on the spans of those that it did not (ADR 10).
 */
export function isTraced(headers: IncomingHttpHeaders): boolean {
  if (headers['traceparent'] !== undefined) return bringsTrace(headers);
  due += share();
  if (due < 1) return false;
  due -= 1;
  return true;
}

/** Whether a request comes with a trace that is recorded. */
export const bringsTrace = ({ traceparent }: IncomingHttpHeaders): boolean =>
  typeof traceparent === 'string' && traceparent.endsWith('-01');
