import { once } from 'node:events';
import { onTermination, runProgram } from '../launcher.ts';
import type { Crash } from '../process-spec.ts';
import { showProgress } from '../progress.ts';
import { SetupError } from '../setup-error.ts';
import { type Shop, startShop } from '../shop.ts';
import { controlRoomOf, keepShopInfo } from '../shop-info.ts';
import { readStartOptions } from './start-options.ts';

const ending = new AbortController();
onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));

await runProgram(async () => {
  const { infoFile, ...options } = readStartOptions(process.argv.slice(2));
  const progress = showProgress();
  const shop = await startShop({ ...options, desk: true, progress, signal: ending.signal }).finally(
    progress.close,
  );
  shop.supervisor.on('crash', reportCrash);
  if (infoFile) await keepShopInfo(shop, infoFile);
  printAddresses(shop);
  if (!ending.signal.aborted) await once(ending.signal, 'abort');
  await shop.stop();
});

function printAddresses(shop: Shop): void {
  const { gateway, jaeger, prometheus, consul, mailbox, acquirer, supervisor, runDir } = shop.info;
  const addresses = {
    gateway,
    jaeger,
    ...(prometheus && { prometheus }),
    consul,
    mailbox,
    acquirer,
    supervisor,
    'run folder': runDir,
    'control room': controlRoomOf(shop.info),
  };
  for (const [name, address] of Object.entries(addresses)) console.log(`${name.padEnd(14)}${address}`);
  console.log(
    'The shop is up. Ctrl-C ends it. In twelve hours `npm run token` makes another link to the control room.',
  );
}

function reportCrash({ name, cause, logTail, restartInMs }: Crash): void {
  const next = restartInMs === undefined ? 'It stays down' : `It is started again in ${restartInMs} ms`;
  console.error(`${name} ended (${cause}). ${next}. Its log ends:\n${logTail}`);
}
