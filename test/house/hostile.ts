import { groups } from '../hostile/groups/index.ts';
import type { HostileSummary } from '../hostile/report.ts';
import { schemathesis } from '../hostile/schemathesis.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const count = (n: number): string => n.toLocaleString('en-GB');

/** Everything that strangers try, with what came of it in the last run that is quoted. */
export function hostileTable(run: (HostileSummary & { date: string }) | null): string {
  const rows = [...groups, schemathesis].map(({ id, title }) => {
    const found = run?.groups.find((one) => one.id === id);
    if (found === undefined) return [id, title, '', 'not run', '', ''];
    const { tried, statuses, faults, neighbour } = found;
    const answers = Object.entries(statuses).map(([status, n]) => `${count(n)} × ${status}`);
    const { p50, p99, max } = neighbour.latencyMs;
    const came = faults.length === 0 ? 'holds' : '**FAILS**';
    return [`\`${id}\``, found.title, count(tried), came, answers.join(', '), `${p50} / ${p99} / ${max} ms`];
  });
  const head = [
    '| kind | what is tried | cases | | answers | another client meanwhile, p50 / p99 / max |',
    '|---|---|---|---|---|---|',
  ];
  return [headline(run), '', ...head, ...rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`)].join(
    '\n',
  );
}

function headline(run: Parameters<typeof hostileTable>[0]): string {
  if (run === null) return '_Nothing is quoted here yet: run `npm run hostile`._';
  const { date, seed, machine, groups: found } = run;
  const tried = found.reduce((sum, group) => sum + group.tried, 0);
  const failed = found.filter(({ faults }) => faults.length > 0).length;
  const tables = Math.max(...found.map((group) => group.tables));
  const processes = Math.max(...found.map((group) => group.processes));
  return (
    `Run on ${date}, seed ${seed}, ${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB, Node ${machine.node}: ` +
    `${count(tried)} cases, of ${found.length} kinds ${failed} failed; ${tables} tables and ${processes} processes were watched.`
  );
}
