import type { FaultReport } from '../faults/report.ts';
import { faults } from '../faults/table.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Every fault of the table, with what the last run that is quoted saw of it. */
export function faultTable(run: (FaultReport & { date: string }) | null): string {
  const rows = faults.map((fault) => {
    const result = run?.results.find((one) => one.id === fault.id);
    // What was broken then and had to hold then, where the case has changed since.
    const { id, title, breaks, how, holds } = result ?? fault;
    const came = result === undefined ? 'not run' : result.result === 'FAILS' ? '**FAILS**' : result.result;
    const cells = [id, title, `${breaks}; ${how}`, holds.join(', '), came, result?.evidence ?? ''];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  const head = [
    '| # | fault | what is broken, and how | what must hold | | figures |',
    '|---|---|---|---|---|---|',
  ];
  return [headline(run), '', ...head, ...rows].join('\n');
}

function headline(run: Parameters<typeof faultTable>[0]): string {
  if (run === null) return '_Nothing is quoted here yet: run `npm run faults`._';
  const { date, seed, machine, results } = run;
  const number = (result: string) => results.filter((one) => one.result === result).length;
  const minutes = Math.round(results.reduce((sum, { seconds }) => sum + seconds, 0) / 60);
  // A report keeps what earlier runs with its seed have seen, so this need not be one run, nor one version of the code.
  return (
    `The last run of each, put together on ${date}: seed ${seed}, ${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB, Node ${machine.node}: ` +
    `${number('holds')} hold, ${number('FAILS')} fail, ${number('left out')} left out; ${minutes} minutes in all.`
  );
}
