import { count } from '../../../audit/words.ts';
import type { MessagingAlone } from '../messaging-alone.ts';
import type { BenchReport, OpenLoop, Saturation, SideReport } from './report.ts';

/** A table of text: a heading and rows of cells. */
export interface Table {
  title: string;
  head: string[];
  rows: string[][];
}

/** All tables of a report, for a terminal and for the documents. */
export function tablesOf(
  report: BenchReport,
): Record<'saturation' | 'openLoop' | 'cost' | 'variants' | 'messaging', Table> {
  const sides = sidesOf(report);
  return {
    saturation: {
      title: 'Saturation: so many orders kept open, measured to confirmed',
      head: [
        '',
        'open',
        'orders/s',
        'range',
        'p50 ms',
        'p99 ms',
        'CPU-s per 1,000',
        'client',
        'MiB',
        'noise %',
      ],
      rows: sides.flatMap(([name, side]) => side.saturation.map((row) => saturationRow(name, row))),
    },
    openLoop: {
      title: 'Open loop: orders come by schedule, whatever becomes of them',
      head: ['', 'load', 'offered/s', 'confirmed/s', 'shed/s', 'p50 ms', 'p95 ms', 'p99 ms', 'failed', 'MiB'],
      rows: sides.flatMap(([name, side]) => side.openLoop.map((row) => openLoopRow(name, row))),
    },
    cost: {
      title: 'What an order costs at saturation',
      head: ['', ...sides.map(([name]) => name)],
      rows: costRows(sides.map(([, side]) => side)),
    },
    variants: {
      title: 'Apart: one run each, at saturation',
      head: ['', 'orders/s', 'CPU-s per 1,000', 'p50 ms', 'p99 ms'],
      rows: Object.entries(report.variants).map(
        ([name, { ordersPerSecond, cpuSecondsPer1000Orders, latencyMs }]) => [
          name,
          count(ordersPerSecond),
          cpuSecondsPer1000Orders.toFixed(2),
          count(latencyMs.p50),
          count(latencyMs.p99),
        ],
      ),
    },
    messaging: {
      title: 'The messaging library alone, messages of 1 kB in one process',
      head: ['', 'messages/s', 'CPU-ms per message'],
      rows: report.messaging === null ? [] : messagingRows(report.messaging),
    },
  };
}

const messagingRows = ({ sentPerS, cpuMsPerSent, readPerS, cpuMsPerRead }: MessagingAlone): string[][] => [
  ['sent, 200 a request', count(sentPerS), cpuMsPerSent.toFixed(3)],
  ['read', count(readPerS), cpuMsPerRead.toFixed(3)],
];

export const sidesOf = ({ shop, monolith }: BenchReport): [string, SideReport][] =>
  Object.entries({ shop, monolith }).flatMap(([name, side]): [string, SideReport][] =>
    side === null ? [] : [[name, side]],
  );

const saturationRow = (name: string, row: Saturation): string[] => [
  name,
  count(row.openOrders),
  count(row.ordersPerSecond),
  row.ordersPerSecondRange.map(count).join('–'),
  count(row.latencyMs.p50),
  count(row.latencyMs.p99),
  row.cpuSecondsPer1000Orders.toFixed(2),
  row.clientCpuSecondsPer1000Orders.toFixed(2),
  count(row.memoryMiB),
  count(row.noisePercent),
];

const openLoopRow = (name: string, row: OpenLoop): string[] => [
  name,
  row.load,
  count(row.offeredPerS),
  count(row.confirmedPerS),
  count(row.shedPerS),
  ...[row.p50, row.p95, row.p99].map((ms) => (ms < 100 ? ms.toFixed(1) : count(ms))),
  count(row.failed),
  count(row.memoryMiB),
];

/** A row a cost, a column a side; what a side does not have stays empty. */
function costRows(sides: SideReport[]): string[][] {
  const row = (name: string, of: (side: SideReport) => number | undefined, digits: number) => [
    name,
    ...sides.map((side) => of(side)?.toFixed(digits) ?? ''),
  ];
  const processes = [...new Set(sides.flatMap(({ cpuByProcess }) => Object.keys(cpuByProcess)))];
  const services = [...new Set(sides.flatMap(({ batchesByService }) => Object.keys(batchesByService)))];
  return [
    row('CPU-s per 1,000 orders', (side) => side.cpuSecondsPer1000Orders, 2),
    ...processes.map((name) => row(`… ${name}`, (side) => side.cpuByProcess[name], 2)),
    row('transactions', (side) => side.transactionsPerOrder, 2),
    row('round trips to PostgreSQL', (side) => side.roundTripsPerOrder, 2),
    row('flushes to the disk', (side) => side.flushesPerOrder, 2),
    row('KiB of write-ahead log', (side) => side.walKiBPerOrder, 1),
    row('requests to Kafka', (side) => side.kafkaRequestsPerOrder, 2),
    row('messages a batch', (side) => side.batchSize, 1),
    ...services.map((name) => row(`… ${name}`, (side) => side.batchesByService[name]?.mean, 1)),
  ];
}

/** For a terminal: columns lined up, numbers to the right. */
export function toText({ title, head, rows }: Table): string {
  const all = [head, ...rows];
  const widths = head.map((_, n) => Math.max(...all.map((row) => row[n]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, n) => (isNumber(cell) ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

const isNumber = (cell: string): boolean => /^[\d,.–]+$/.test(cell);

/** For a document. */
export const toMarkdown = ({ head, rows }: Table): string =>
  [head, head.map((_, n) => (n === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
