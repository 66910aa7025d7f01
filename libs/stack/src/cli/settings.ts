/**
 * `npm run settings -- list|set|unset`: the settings that may change while the services run, in any shop that is up.
 * What there is to set, and what it may be, the services tell in their registrations; this knows none by heart.
 */
import { openSettings } from '@doorbuster/discovery';
import { z } from 'zod';
import { findShop } from '../find-shop.ts';
import { runProgram } from '../launcher.ts';
import { rejection } from '../poll.ts';
import { SetupError } from '../setup-error.ts';
import { carryOut } from './setting-desk.ts';
import { readSettingCommand } from './setting-options.ts';

const answerLimitMs = 5_000;
const Place = z.object({ gateway: z.url(), consul: z.url() });

await runProgram(async () => {
  const command = readSettingCommand(process.argv.slice(2));
  const { consul } = await findShop(Place, command.info);
  const lines = await Promise.race([
    carryOut(openSettings(consul), command),
    rejection(AbortSignal.timeout(answerLimitMs)),
  ]).catch((cause) => {
    throw cause instanceof SetupError
      ? cause
      : new SetupError(`Consul at ${consul} did not answer; ask again.`, { cause });
  });
  console.log(lines.join('\n'));
});
