import { DOCKER_NEEDS_NONE, SetupError } from './setup-error.ts';
import { ensureConsul } from './tools/consul.ts';
import type { SetupContext } from './tools/context.ts';
import { ensureJaeger } from './tools/jaeger.ts';
import { ensureJava } from './tools/java.ts';
import { ensureKafka, type Kafka } from './tools/kafka.ts';
import { ensurePostgres, type Postgres } from './tools/postgres.ts';
import { ensurePrometheus } from './tools/prometheus.ts';

/** The real servers' programs, ready to be started. */
export interface Tools {
  postgres: Postgres;
  kafka: Kafka;
  consul: string;
  jaeger: string;
  /** Only where it was asked for. */
  prometheus: string | undefined;
}

/** Finds, fetches or builds all that the shop's servers need; with everything in the cache it is done at once. */
export async function ensureTools(
  context: SetupContext & { observability?: boolean | undefined },
): Promise<Tools> {
  if (process.platform === 'win32') {
    throw new SetupError(
      `The servers need Linux or macOS: use a Linux under Windows (WSL), ${DOCKER_NEEDS_NONE}.`,
    );
  }
  // The first failure ends the other parts: nobody should wait minutes to hear that Java is missing.
  const failure = new AbortController();
  const signal = context.signal ? AbortSignal.any([context.signal, failure.signal]) : failure.signal;
  const parts = { ...context, signal };
  const work = [
    ensurePostgres(parts),
    ensureKafka(parts, ensureJava(parts)),
    ensureConsul(parts),
    ensureJaeger(parts),
    context.observability ? ensurePrometheus(parts) : undefined,
  ] as const;
  try {
    const [postgres, kafka, consul, jaeger, prometheus] = await Promise.all(work);
    return { postgres, kafka, consul, jaeger, prometheus };
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(work);
    context.signal?.throwIfAborted();
    throw error;
  }
}
