import { z } from 'zod';
import { FaultReport } from '../faults/report.ts';

/** What became of a group: what `npm run hostile` tells in a line, and docs/hostile.md quotes. */
export const GroupSummary = z.object({
  id: z.string(),
  title: z.string(),
  tried: z.int(),
  /** How many cases came to each status; `none` where nothing was answered. */
  statuses: z.record(z.string(), z.int()),
  /** What does not hold, a sentence each; the first 20. */
  faults: z.array(z.string()),
  tables: z.int(),
  processes: z.int(),
  neighbour: z.object({
    requests: z.int(),
    failed: z.int(),
    latencyMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() }),
  }),
  seconds: z.number(),
});
export type GroupSummary = z.infer<typeof GroupSummary>;

/** What documents quote of a run. */
export const HostileSummary = z.object({
  seed: z.int(),
  machine: FaultReport.shape.machine,
  groups: z.array(GroupSummary),
});
export type HostileSummary = z.infer<typeof HostileSummary>;
