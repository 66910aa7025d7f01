import type { HostileInfo } from './doors.ts';
import { settleBeside } from './neighbour.ts';
import type { GroupSummary } from './report.ts';
import { changesIn, complaintsInLogs, measureLogs, readPids, readQuietRows, readRows } from './witness.ts';

/** What was seen of the shop while something was tried on it. */
export interface Watched<Result>
  extends Pick<GroupSummary, 'tables' | 'processes' | 'neighbour' | 'seconds'> {
  result: Result;
  /** What became of the shop that must not, a sentence each. */
  damage: string[];
}

/**
 * Looks at every row, every process and all logs before and after something is tried, and serves another client beside it.
 * Where orders are meant to be taken, rows change.
 */
export async function watched<Result>(
  info: HostileInfo,
  takesOrders: boolean,
  work: () => Promise<Result>,
): Promise<Watched<Result>> {
  const rows = await readQuietRows(info.auditor);
  const pids = await readPids(info);
  const logs = await measureLogs(info.runDir);
  const startedAt = performance.now();
  const beside = settleBeside(info.gateway);
  const result = await work().finally(() => beside.leave());
  const neighbour = await beside.leave();
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;

  const after = await readPids(info);
  const lost = [...pids].filter(([name, pid]) => after.get(name) !== pid);
  const damage = [
    ...(takesOrders ? [] : changesIn(rows, await readRows(info.auditor))),
    ...lost.map(([name]) => `${name} is not the process it was`),
    ...(await complaintsInLogs(info.runDir, logs)),
    ...(neighbour.failed > 0 ? [`${neighbour.failed} requests of another client failed meanwhile`] : []),
  ];
  return { result, damage, tables: rows.size, processes: pids.size, neighbour, seconds };
}
