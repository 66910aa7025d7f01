import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ComposeRun } from '../compose/report.ts';
import { FaultReport } from '../faults/report.ts';
import { HostileSummary } from '../hostile/report.ts';

const Latencies = z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() });

/** What the documents quote of a demo's report, `npm run demo -- --report FILE`. */
export const Run = z.object({
  seed: z.number(),
  machine: z.object({
    cpus: z.number(),
    model: z.string(),
    memoryGiB: z.number(),
    platform: z.string(),
    node: z.string(),
  }),
  setupMs: z.number(),
  orders: z.object({
    offered: z.number(),
    accepted: z.number(),
    shed: z.number(),
    failed: z.number(),
    confirmed: z.number(),
    cancelled: z.number(),
    open: z.number(),
  }),
  rates: z.object({ acceptedPeakPerS: z.number(), confirmedPeakPerS: z.number(), meanPerS: z.number() }),
  latencyMs: z.object({ accept: Latencies, confirm: Latencies }),
  cpuSecondsPer1000Orders: z.number(),
  memoryMiB: z.object({ total: z.number(), byProcess: z.record(z.string(), z.number()) }),
  invariants: z.array(
    z.object({ id: z.string(), name: z.string(), holds: z.boolean(), evidence: z.string() }),
  ),
  trace: z.object({ services: z.array(z.string()), spans: z.number() }).nullable(),
  verdict: z.enum(['PASS', 'FAIL']),
});

/** How long the README's two commands take, in seconds: with an empty cache, and when everything is there. */
export const timeNames = ['demo-cold', 'demo-warm', 'test-cold', 'test-warm'] as const;
const Times = z.partialRecord(z.enum(timeNames), z.number().positive());
export type Times = z.infer<typeof Times>;

/** Every measured figure that a document quotes. Documents are written from it, and from nothing else. */
export const Measured = z.object({
  times: Times,
  /** The last run that was quoted, and the day of it. */
  run: Run.extend({ date: z.iso.date() }).nullable(),
  /** The same, of the last `npm run test:compose` that was quoted. */
  compose: ComposeRun.extend({ date: z.iso.date() }).nullable().default(null),
  /** The same, of the last `npm run faults` that was quoted. */
  faults: FaultReport.extend({ date: z.iso.date() }).nullable().default(null),
  /** The same, of the last `npm run hostile` that was quoted. */
  hostile: HostileSummary.extend({ date: z.iso.date() }).nullable().default(null),
});
export type Measured = z.infer<typeof Measured>;

export const measuredFile = fileURLToPath(new URL('../../docs/measured.json', import.meta.url));

/** Reads what was measured; before the first run that is nothing. */
export async function readMeasured(): Promise<Measured> {
  const text = await readFile(measuredFile, 'utf8').catch(() => '{"times":{},"run":null}');
  return Measured.parse(JSON.parse(text));
}
