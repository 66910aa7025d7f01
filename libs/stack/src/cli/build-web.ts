import { onTermination, runProgram } from '../launcher.ts';
import { showProgress } from '../progress.ts';
import { SetupError } from '../setup-error.ts';
import { buildWeb } from '../web-page.ts';

const ending = new AbortController();
onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));

await runProgram(async () => {
  const progress = showProgress();
  await buildWeb({ progress, signal: ending.signal }).finally(progress.close);
  console.log('The page is built.');
});
