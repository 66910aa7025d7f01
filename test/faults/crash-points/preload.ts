/**
 * Loaded before a service by the tests: ends the process by SIGKILL at the n-th passing of a failpoint. Which that is
 * stands in a file; SIGUSR2 says that it is there. A process that is started again is told nothing, and lives.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync, writeFileSync } from 'node:fs';
import { failpointChannel } from '@doorbuster/telemetry';
import { CrashOrder, deathFileOf, folderVariable, orderFileOf } from './order.ts';

const { INSTANCE: instance = '', [folderVariable]: folder = '' } = process.env;

process.on('SIGUSR2', () => {
  const order = CrashOrder.parse(JSON.parse(readFileSync(orderFileOf(folder, instance), 'utf8')));
  let left = order.passings;
  const listen = (failpoint: unknown) => {
    if (failpoint !== order.failpoint || --left > 0) return;
    unsubscribe(failpointChannel, listen);
    writeFileSync(deathFileOf(folder, instance), JSON.stringify(order));
    process.kill(process.pid, 'SIGKILL');
  };
  subscribe(failpointChannel, listen);
});
