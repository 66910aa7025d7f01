import { trace } from '@opentelemetry/api';
import { type Logger, pino } from 'pino';

export type { Logger };

/** Paths that may hold what must never be read in a log: card tokens and e-mail addresses. */
const secret = [
  'card',
  'email',
  '*.card',
  '*.email',
  '*.*.card',
  '*.*.email',
  'authorization',
  '*.authorization',
];

/** JSON lines on standard output, each with its instance and, inside a trace, with the trace's id. */
export function createLog(instance: string, level: string): Logger {
  return pino({
    level,
    base: { instance },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secret, censor: '[redacted]' },
    mixin: () => {
      const traceId = trace.getActiveSpan()?.spanContext().traceId;
      return traceId === undefined ? {} : { traceId };
    },
  });
}
