import { asyncApiPage, createAsyncApi, createOpenApi, openApiPage } from '@doorbuster/contracts/documents';
import { toMermaid } from '@doorbuster/saga';
import { checkout } from '../../services/order/src/checkout.saga.ts';
import { licenceTable } from '../supply/licences.ts';
import * as architecture from './architecture.ts';
import { containerSentence, containerTable } from './containers.ts';
import { faultTable } from './faults.ts';
import { hostileTable } from './hostile.ts';
import type { Measured, Times } from './measured.ts';
import { libraryMetricTable, metricTable } from './metrics.ts';

/** A part of a document that is written by a script, between `<!-- name:begin -->` and `<!-- name:end -->`. */
export interface GeneratedPart {
  file: string;
  name: string;
  text: string;
}

type Run = NonNullable<Measured['run']>;

/** All generated parts, as they must stand in the documents. */
export const generatedParts = ({ times, run, compose, faults, hostile }: Measured): GeneratedPart[] => [
  { file: 'docs/saga.md', name: 'saga', text: `\`\`\`mermaid\n${toMermaid(checkout)}\`\`\`` },
  { file: 'docs/architecture.md', name: 'imports', text: architecture.importDiagram() },
  { file: 'docs/architecture.md', name: 'topics', text: architecture.topicDiagram() },
  { file: 'docs/architecture.md', name: 'messages', text: architecture.topicTable() },
  { file: 'docs/architecture.md', name: 'rules', text: architecture.ruleList() },
  { file: 'docs/architecture.md', name: 'invariants', text: architecture.invariantList() },
  { file: 'docs/metrics.md', name: 'metrics', text: metricTable() },
  { file: 'docs/metrics.md', name: 'library-metrics', text: libraryMetricTable() },
  { file: 'README.md', name: 'times', text: commandTable(times) },
  { file: 'README.md', name: 'verdict', text: run === null ? notYet : verdictTable(run) },
  { file: 'README.md', name: 'measured', text: run === null ? notYet : figureTable(run) },
  { file: 'README.md', name: 'compose', text: containerSentence(compose) },
  { file: 'docs/run-with-docker.md', name: 'containers', text: containerTable(compose) },
  { file: 'docs/security/licences.md', name: 'licences', text: licenceTable() },
  { file: 'docs/faults.md', name: 'faults', text: faultTable(faults) },
  { file: 'docs/hostile.md', name: 'hostile', text: hostileTable(hostile) },
];

/** A document that is written by a script as a whole. */
export type GeneratedFile = Omit<GeneratedPart, 'name'>;

/** The contracts as documents, and each as a page, as they must stand under `docs/api`. */
export function generatedFiles(): GeneratedFile[] {
  const [openApi, asyncApi] = [createOpenApi(), createAsyncApi()];
  const json = (document: object): string => `${JSON.stringify(document, undefined, 2)}\n`;
  return [
    { file: 'docs/api/openapi.json', text: json(openApi) },
    { file: 'docs/api/openapi.html', text: openApiPage(openApi) },
    { file: 'docs/api/asyncapi.json', text: json(asyncApi) },
    { file: 'docs/api/asyncapi.html', text: asyncApiPage(asyncApi) },
  ];
}

const notYet =
  '_Nothing is quoted here yet: run `npm run demo -- --report report.json`, then `npm run docs -- report.json`._';

const beginOf = (name: string): string => `<!-- ${name}:begin -->`;
const endOf = (name: string): string => `<!-- ${name}:end -->`;

/** Puts a text between the markers of this name. @throws when the document has not exactly one pair of them */
export function fill(document: string, name: string, text: string): string {
  const [before, rest, ...more] = document.split(beginOf(name));
  const [, after, ...others] = (rest ?? '').split(endOf(name));
  if (before === undefined || after === undefined || more.length + others.length > 0)
    throw new Error(`The document needs ${beginOf(name)} and ${endOf(name)}, once each`);
  return `${before}${beginOf(name)}\n${text}\n${endOf(name)}${after}`;
}

/** What stands between the markers of this name. */
export function partOf(document: string, name: string): string | undefined {
  return document.split(beginOf(name))[1]?.split(endOf(name))[0]?.trim();
}

function commandTable(times: Times): string {
  const row = (command: 'demo' | 'test', line: string, what: string) =>
    `| \`${line}\` | ${what} | ${duration(times[`${command}-cold`])} | ${duration(times[`${command}-warm`])} |`;
  return [
    '| | | first time | afterwards |',
    '|---|---|---|---|',
    row('demo', 'npm ci && npm run demo', 'a minute of Black Friday, and the verdict'),
    row('test', 'npm ci && npm test', 'all tests, with real servers'),
  ].join('\n');
}

function duration(seconds: number | undefined): string {
  if (seconds === undefined) return 'not measured yet';
  return seconds < 100 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
}

const count = (n: number): string => n.toLocaleString('en-GB');
const cell = (text: string): string => text.replaceAll('|', '\\|');

function verdictTable({ invariants, orders, verdict, trace }: Run): string {
  const rows = invariants.map(
    ({ id, name, holds, evidence }) =>
      `| ${id} | ${cell(name)} | ${holds ? 'holds' : '**FAILS**'} | ${cell(evidence)} |`,
  );
  const traced =
    trace === null ? '' : ` One order's trace: ${trace.spans} spans of ${trace.services.join(', ')}.`;
  return [
    '| | invariant | | evidence |',
    '|---|---|---|---|',
    ...rows,
    '',
    `**${verdict}**: ${count(orders.offered)} orders offered, ${count(orders.accepted)} accepted, ` +
      `${count(orders.shed)} shed; ${count(orders.confirmed)} confirmed, ${count(orders.cancelled)} cancelled, ` +
      `${count(orders.open)} open.${traced}`,
  ].join('\n');
}

function figureTable(run: Run): string {
  const { date, machine, setupMs, rates, latencyMs, cpuSecondsPer1000Orders, memoryMiB } = run;
  const { accept, confirm } = latencyMs;
  const heaviest = Object.entries(memoryMiB.byProcess)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, mib]) => `${name} ${count(mib)}`);
  return [
    `Measured on ${date}, ${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB, ${machine.platform}, ` +
      `Node ${machine.node}; shop, servers and load generator share the machine.`,
    '',
    '| | |',
    '|---|---|',
    `| from the start to the first order, everything cached | ${(setupMs / 1_000).toFixed(1)} s |`,
    `| accepted, in the best second / on average | ${count(rates.acceptedPeakPerS)} / ${count(rates.meanPerS)} orders/s |`,
    `| confirmed in the best second | ${count(rates.confirmedPeakPerS)} orders/s |`,
    `| from the scheduled time to accepted, p50 / p95 / p99 / max | ${latency(accept)} |`,
    `| from the scheduled time to confirmed, p50 / p95 / p99 / max | ${latency(confirm)} |`,
    `| CPU, servers included, the generator not | ${cpuSecondsPer1000Orders} s per 1,000 orders |`,
    `| memory, servers included | ${count(memoryMiB.total)} MiB in all; most: ${heaviest.join(', ')} |`,
  ].join('\n');
}

const latency = ({ p50, p95, p99, max }: Run['latencyMs']['accept']): string =>
  `${[p50, p95, p99, max].map(count).join(' / ')} ms`;
