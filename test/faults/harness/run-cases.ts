import type { Progress } from '@doorbuster/stack';
import type { BenchKind, FaultCase, FaultResult } from '../case.ts';
import { type FaultBench, openBench } from './bench.ts';
import { keepEvidence } from './keep-evidence.ts';
import { openSmallDiskBench } from './small-disk.ts';

export interface RunOptions {
  seed: number;
  progress: Progress;
  signal: AbortSignal;
  onResult(result: FaultResult): void;
}

/** Between the seeds of two cases, which may need several. */
const seedsOfCase = 100;

/**
 * Runs the cases one after the other, those with the same shop in one. A case that fails leaves its evidence behind, and
 * the next gets a new shop. Its seed is made of its place among all cases, so that it can be run again alone.
 */
export async function runCases(
  cases: readonly FaultCase[],
  all: readonly FaultCase[],
  { seed, progress, signal, onResult }: RunOptions,
): Promise<FaultResult[]> {
  const results: FaultResult[] = [];
  const open = (kind: BenchKind) =>
    kind === 'small disk' ? openSmallDiskBench({ progress, signal }) : openBench({ kind, progress, signal });
  for (const [kind, alike] of Map.groupBy(cases, ({ bench = 'pairs' }) => bench)) {
    let bench: FaultBench | undefined;
    for (const one of alike) {
      const { id, title, breaks, how, holds } = one;
      let startedAt = performance.now();
      const told = (result: FaultResult['result'], evidence: string, keptIn?: string) => {
        const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
        const came: FaultResult = { id, title, breaks, how, holds, result, evidence, seconds, keptIn };
        results.push(came);
        onResult(came);
      };
      const why = await one.cannot?.();
      if (why !== undefined) {
        told('left out', why);
        continue;
      }
      try {
        bench ??= await open(kind);
        startedAt = performance.now();
        const context = { bench, seed: (seed * 1_000 + all.indexOf(one)) * seedsOfCase, signal };
        told('holds', (await one.run(context)).evidence);
      } catch (error) {
        const broken = bench;
        bench = undefined;
        const isKept = broken !== undefined && !signal.aborted;
        const keptIn = isKept ? await keepEvidence(broken.shop.info, id, error) : undefined;
        await broken?.stop();
        signal.throwIfAborted();
        const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
        told('FAILS', message, keptIn);
      }
    }
    await bench?.stop();
  }
  return results;
}
