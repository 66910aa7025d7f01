/**
 * The load, in a process of its own: what it costs is counted apart, and it is nobody's neighbour on an event loop.
 * It is forked by `load.ts`, is told what to do over the pipe between them, and ends with it.
 */
import { createClient } from '../../client.ts';
import { writeHistory } from '../../history.ts';
import { mulberry32 } from '../../random.ts';
import { drawOrders } from '../mix.ts';
import { listenForConfirmations } from './confirmations.ts';
import type { Command, LoadSettings, Phase, Report } from './messages.ts';
import { runPhase } from './phase.ts';

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
  return (phase: Phase) => runPhase(phase, parts);
}

let run: Awaited<ReturnType<typeof start>> | undefined;

async function obey(command: Command): Promise<Report> {
  if (command.kind === 'start') {
    run = await start(command.settings);
    return { kind: 'ready' };
  }
  if (run === undefined) throw new Error('The load was not started');
  return { kind: 'done', seen: await run(command.phase) };
}

process.on('message', (command: Command) => {
  obey(command).then(tell, (error) => tell({ kind: 'failed', why: String(error) }));
});
process.on('disconnect', () => process.exit());
