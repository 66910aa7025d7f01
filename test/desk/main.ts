/**
 * The desk: what the control room's buttons need that no service can do. It runs beside the shop, is no part of it, and
 * shows everybody what the gateway shows everybody too, and does what an operator asks.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { publicPartOf, readPublicKeys } from '@doorbuster/operator';
import { onTermination, readArguments, runProgram, serveOperator } from '@doorbuster/stack';
import { z } from 'zod';
import { ShopInfo } from '../audit/sources.ts';
import { openDesk } from './desk.ts';
import { isDisturbed } from './disturbed.ts';
import { watchInvariants } from './live/live-audit.ts';
import { answer } from './routes.ts';
import { keepSpikes } from './spike.ts';
import { connectSupervisor } from './supervisor.ts';

const DeskInfo = ShopInfo.extend({ supervisor: z.url(), acquirer: z.url(), operatorSigningKey: z.string() });
const options = { info: { type: 'string' }, port: { type: 'string' } } as const;
const ending = new AbortController();
onTermination(async (reason) => ending.abort(reason));

await runProgram(async () => {
  const { values } = readArguments({ options }, 'the options are --info FILE and --port N');
  const { info: infoFile = '', port = '' } = values;
  const info = DeskInfo.parse(JSON.parse(await readFile(infoFile, 'utf8')));
  const supervisor = connectSupervisor(info.supervisor, info.operatorSigningKey);
  const audit = watchInvariants(info, () => isDisturbed(supervisor, info.acquirer));
  const desk = openDesk({ supervisor, kafka: info.kafka, spikes: keepSpikes(infoFile), audit });
  const server = await serveOperator({
    port: Number(port),
    keys: readPublicKeys(publicPartOf(info.operatorSigningKey)),
    isOpen: ({ method, url }) => method === 'GET' && url === '/desk',
    answer: (request) => answer(desk, request),
  });
  console.log(`The desk listens at ${server.url}`);
  if (!ending.signal.aborted) await once(ending.signal, 'abort');
  server.close();
  await desk.close();
});
