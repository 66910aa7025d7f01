import { cpus, totalmem } from 'node:os';
import { z } from 'zod';

/** What `npm run faults -- --report FILE` writes, and what docs/faults.md quotes. */
export const FaultReport = z.object({
  seed: z.int(),
  machine: z.object({ cpus: z.int(), model: z.string(), memoryGiB: z.number(), node: z.string() }),
  results: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      breaks: z.string(),
      how: z.string(),
      holds: z.array(z.string()),
      result: z.enum(['holds', 'FAILS', 'left out']),
      evidence: z.string(),
      seconds: z.number(),
    }),
  ),
});
export type FaultReport = z.infer<typeof FaultReport>;

export function machine(): FaultReport['machine'] {
  const all = cpus();
  return {
    cpus: all.length,
    model: all[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version.slice(1),
  };
}
