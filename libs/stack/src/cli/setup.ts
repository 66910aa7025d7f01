import { onTermination, runProgram } from '../launcher.ts';
import { showProgress } from '../progress.ts';
import { ensureTools } from '../setup.ts';
import { SetupError } from '../setup-error.ts';

const ending = new AbortController();
onTermination(async (reason) =>
  ending.abort(new SetupError(`Stopped by ${reason}; what was built so far is kept.`)),
);

await runProgram(async () => {
  const progress = showProgress();
  const startedAt = performance.now();
  await ensureTools({ progress, signal: ending.signal }).finally(progress.close);
  console.log(`Everything is set up (${((performance.now() - startedAt) / 1000).toFixed(1)} s).`);
});
