import path from 'node:path';
import { failpoints } from '@doorbuster/telemetry';
import { z } from 'zod';

/** At which passing of which failpoint a process has to die. */
export const CrashOrder = z.object({ failpoint: z.enum(failpoints), passings: z.int().min(1) });
export type CrashOrder = z.infer<typeof CrashOrder>;

/** Where a service is told which folder its orders lie in. */
export const folderVariable = 'CRASH_POINTS';

export const orderFileOf = (folder: string, instance: string): string =>
  path.join(folder, `${instance}.order.json`);

/** Written in the moment before the end, so that no other death is taken for this one. */
export const deathFileOf = (folder: string, instance: string): string =>
  path.join(folder, `${instance}.death.json`);
