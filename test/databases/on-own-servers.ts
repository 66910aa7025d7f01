import { createTopics } from '@doorbuster/messaging';
import { onTermination, SetupError, showProgress, startServers } from '@doorbuster/stack';
import { type Description, describeDatabases } from './describe.ts';

/** Describes the databases on servers that are started for it, and stopped again whatever happens. */
export async function describeOnOwnServers(): Promise<Description> {
  const ending = new AbortController();
  onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));
  const progress = showProgress();
  const servers = await startServers({ progress, signal: ending.signal }).finally(progress.close);
  try {
    await createTopics(servers.kafka);
    return await describeDatabases({ postgres: servers.postgres.order, kafka: servers.kafka });
  } finally {
    await servers.stop();
  }
}
