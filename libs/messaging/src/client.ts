import { Kafka, type LogEntry, logLevel } from 'kafkajs';
import { mendHeartbeat, mendRequestQueue } from './mend.ts';
import { mendProduceRequest } from './produce-request.ts';

/** Where a library writes what it has to say; pino's loggers have this shape. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface KafkaOptions {
  brokers: string[];
  clientId: string;
  log?: Log | undefined;
}

mendHeartbeat();
mendRequestQueue();
mendProduceRequest();

/** A kafkajs client with every limit set. Short retries: whoever calls knows better what to do next. */
export function connectKafka({ brokers, clientId, log }: KafkaOptions): Kafka {
  return new Kafka({
    brokers,
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 8 },
    logLevel: log === undefined ? logLevel.NOTHING : logLevel.WARN,
    logCreator: () => (entry) => {
      if (log !== undefined) write(log, entry);
    },
  });
}

/**
 * At the start and end of a broker's life kafkajs reports errors that it then recovers from by itself. They are
 * warnings here, so that an ERROR in the log stays something that a person has to look at; a crash that it does not
 * recover from is told to the subscriber's `onCrash`.
 */
function write(log: Log, { namespace, log: { message, error, groupId } }: LogEntry): void {
  const fields = {
    from: `kafkajs ${namespace}`,
    error: error === undefined ? undefined : String(error),
    groupId,
  };
  log.warn(fields, message);
}
