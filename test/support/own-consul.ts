import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, Supervisor, silentProgress } from '@doorbuster/stack';
import { consulServer } from '../../libs/stack/src/servers/consul.ts';
import { ensureConsul } from '../../libs/stack/src/tools/consul.ts';

/** A real Consul that only this test uses, so that it can be stopped. Whenever it starts, its store is empty. */
export async function ownConsul() {
  const program = await ensureConsul({ progress: silentProgress });
  const [http = 0, server = 0, serf = 0] = await freePorts(3);
  const folder = await mkdtemp(path.join(tmpdir(), 'doorbuster-consul-'));
  const supervisor = new Supervisor(folder);
  await supervisor.run(consulServer(program, { http, server, serf }));
  return {
    url: `http://127.0.0.1:${http}`,
    stop: () => supervisor.stop('consul'),
    start: () => supervisor.start('consul'),
    async close() {
      await supervisor.stopAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
