import { cpus, totalmem } from 'node:os';
import { z } from 'zod';

const MiB = z.record(z.string(), z.number());

/** What a run of the shop in containers came to: `npm run test:compose -- --report FILE`, and what the documents quote. */
export const ComposeRun = z.object({
  machine: z.object({ cpus: z.number(), model: z.string(), memoryGiB: z.number(), platform: z.string() }),
  engine: z.string(),
  /** From `docker compose up -d --wait`, with the images built, to all of it healthy. */
  upMs: z.number(),
  /** The services' image, all of it, and how much of that is not Node's own. */
  imageMb: z.object({ all: z.number(), ours: z.number() }),
  memoryMiB: z.object({ limits: MiB, atRest: MiB, atSpike: MiB }),
  checks: z.array(z.object({ name: z.string(), holds: z.boolean(), evidence: z.string() })),
});
export type ComposeRun = z.infer<typeof ComposeRun>;

export function machine(): ComposeRun['machine'] {
  const [first, ...others] = cpus();
  const memoryGiB = Number((totalmem() / 2 ** 30).toFixed(1));
  const platform = `${process.platform} ${process.arch}`;
  return { cpus: others.length + 1, model: first?.model.trim() ?? 'unknown', memoryGiB, platform };
}
