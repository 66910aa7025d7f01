import { trace } from '@opentelemetry/api';
import { type Logger, pino } from 'pino';
import { serviceOf } from './config.ts';

export type { Logger };

const censor = '[redacted]';

/** Fields that may hold what must never be read in a log: card tokens, e-mail addresses, and what opens doors. */
const secretFields = ['card', 'email', 'authorization', 'password', 'DATABASE_URL'];
const secretPaths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** The same within texts, such as that of an error: what comes before it is kept. */
const secretTexts = [
  // A password in an address. It may have been written without the escapes that it needs.
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#"]*:)[^\s"]+(?=@)/gi,
  /(?<=\b(?:Bearer|Basic)\s+)[^\s"\\,]+/gi,
  /\btok_\w+/g,
  // A JSON Web Token, which begins with an object in base64.
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi,
];

/**
 * JSON lines on standard output, each with its service, its instance and, inside a trace, with the trace's id. Nothing
 * secret is in them that the shop knows by its form.
 */
export function createLog(instance: string, level: string): Logger {
  const scrub = (line: string): string =>
    secretTexts.reduce((text, pattern) => text.replace(pattern, censor), line);
  return pino({
    level,
    base: { service: serviceOf(instance), instance },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretPaths, censor },
    hooks: { streamWrite: scrub },
    mixin: () => {
      const traceId = trace.getActiveSpan()?.spanContext().traceId;
      return traceId === undefined ? {} : { traceId };
    },
  });
}
