/**
 * The load, in a process of its own: what it costs is counted apart, and it is nobody's neighbour on an event loop.
 * It is forked by `load.ts`, is told what to do over the pipe between them, and ends with it.
 */
import { createClient } from '../../client.ts';
import { writeHistory } from '../../history.ts';
import { mulberry32 } from '../../random.ts';
import { drawOrders } from '../mix.ts';
import { listenForConfirmations } from './confirmations.ts';
import type { Command, LoadSettings, Phase, Report, Stream } from './messages.ts';
import { runPhase } from './phase.ts';
import { runStorm } from './storm.ts';

/** More than the orders that are kept open, so that an overload reaches who has to bear it. */
const connections = 1_200;

const tell = (report: Report): void => void process.send?.(report);

async function start({ target, confirmedBy, seed, historyFile }: LoadSettings) {
  const random = mulberry32(seed);
  const parts = {
    client: createClient(target, connections),
    confirmations: await listenForConfirmations(confirmedBy),
    history: await writeHistory(historyFile),
    draw: drawOrders(seed, random),
    random,
    onWindowBegan: () => tell({ kind: 'window began' }),
    onWindowEnded: () => tell({ kind: 'window ended' }),
  };
  return {
    run: (phase: Phase) => runPhase(phase, parts),
    storm: (streams: readonly Stream[]) => runStorm(streams, parts),
  };
}

let load: Awaited<ReturnType<typeof start>> | undefined;

async function obey(command: Command): Promise<Report> {
  if (command.kind === 'start') {
    load = await start(command.settings);
    return { kind: 'ready' };
  }
  if (load === undefined) throw new Error('The load was not started');
  if (command.kind === 'storm') return { kind: 'stormed', seen: await load.storm(command.streams) };
  return { kind: 'done', seen: await load.run(command.phase) };
}

process.on('message', (command: Command) => {
  obey(command).then(tell, (error) => tell({ kind: 'failed', why: String(error) }));
});
process.on('disconnect', () => process.exit());
