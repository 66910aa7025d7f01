import { type Progress, SetupError } from '@doorbuster/stack';
import { runCommand } from '../../libs/stack/src/run-command.ts';
import { findOnPath, isProgram } from '../../libs/stack/src/tools/on-path.ts';

/** The first has no window system among what it needs, so it is the smallest to fetch. */
const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];
const macApplication = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const packages = ['chromium-headless-shell', 'fonts-inter'];
const ADVICE = 'install Chromium or Chrome, or name its program by CHROME_PATH';

interface Context {
  progress: Progress;
  signal?: AbortSignal | undefined;
}

/**
 * The browser for the tests: CHROME_PATH, else one on PATH, else Debian's own, which root installs for good.
 * @throws SetupError with one sentence for a person
 */
export async function findChrome({ progress, signal }: Context): Promise<string> {
  const found = chromeHere();
  if (found !== undefined) return found;
  const item = progress.item('Chromium');
  item.update('installing it from Debian (70 MB), about 60 s');
  await installChrome(signal);
  item.done();
  const installed = chromeHere();
  if (installed === undefined) throw new SetupError(`Debian’s Chromium is not on PATH: ${ADVICE}.`);
  return installed;
}

/** @throws SetupError when CHROME_PATH names something that is no program */
function chromeHere(): string | undefined {
  const named = process.env['CHROME_PATH'];
  if (named) {
    if (isProgram(named)) return named;
    throw new SetupError(`CHROME_PATH: there is no program ${named}.`);
  }
  const [onPath] = names.flatMap((name) => findOnPath(name) ?? []);
  return onPath ?? (isProgram(macApplication) ? macApplication : undefined);
}

async function installChrome(signal: AbortSignal | undefined): Promise<void> {
  const apt = findOnPath('apt-get');
  if (apt === undefined || process.getuid?.() !== 0)
    throw new SetupError(`There is no browser: ${ADVICE}, or run this as root where there is apt.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  try {
    // Lists may be there and good enough although one of their sources does not answer now.
    await runCommand(apt, ['update'], { env, signal }).catch(() => signal?.throwIfAborted());
    await runCommand(apt, [...install, ...packages], { env, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SetupError(`Debian’s Chromium cannot be installed: ${ADVICE}.`, { cause });
  }
}
