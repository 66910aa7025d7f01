import { trace } from '@opentelemetry/api';
import { type Logger, pino } from 'pino';
import { serviceOf } from './config.ts';

export type { Logger };

const censor = '[redacted]';

/** Fields that may hold what must never be read in a log: card tokens, e-mail addresses, and what opens doors. */
const secretFields = ['card', 'email', 'authorization', 'password', 'OPERATOR_TOKEN', 'DATABASE_URL'];
const secretPaths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** The same within texts, such as that of an error: what comes before it is kept. */
const secretTexts = [
  // A password in an address. It may have been written without the escapes that it needs.
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#"]*:)[^\s"]+(?=@)/gi,
  /(?<=\b(?:Bearer|Basic)\s+)[^\s"\\,]+/gi,
  /\btok_\w+/g,
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi,
];

/**
 * JSON lines on standard output, each with its service, its instance and, inside a trace, with the trace's id. Nothing
 * secret is in them: neither what the shop knows by its form nor any of these very words.
 */
export function createLog(instance: string, level: string, secrets: readonly string[] = []): Logger {
  // As they look in JSON.
  const words = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
  const scrub = (line: string): string => {
    const scrubbed = words.reduce((text, word) => text.replaceAll(word, censor), line);
    return secretTexts.reduce((text, pattern) => text.replace(pattern, censor), scrubbed);
  };
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
