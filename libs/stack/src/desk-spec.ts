import path from 'node:path';
import type { ProcessSpec } from './process-spec.ts';
import { basicEnvironment, REPO_FOLDER } from './service-specs.ts';

/** The desk works on a shop that is whole, so it is the first to go. */
const TIER = 4;
const HEAP_MB = 256;
/** As long as a spike takes that is told to end, and some more. */
const STOP_GRACE_MS = 15_000;

/** How the desk is started: the program behind the control room's buttons, beside the shop and no part of it. */
export const deskSpec = (infoFile: string, port: number): ProcessSpec => ({
  name: 'desk-1',
  command: process.execPath,
  args: [
    `--max-old-space-size=${HEAP_MB}`,
    path.join(REPO_FOLDER, 'test/desk/main.ts'),
    '--info',
    infoFile,
    '--port',
    String(port),
  ],
  env: basicEnvironment(),
  cwd: REPO_FOLDER,
  port,
  ready: async (starting) => {
    await starting.logLine(/^The desk listens/);
  },
  readyLimitMs: 60_000,
  restart: true,
  stopGraceMs: STOP_GRACE_MS,
  tier: TIER,
});
