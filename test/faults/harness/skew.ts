/**
 * Loaded by `node --import` into services that run under faults: shifts `Date` by the milliseconds that a file says, and
 * goes on reading it. Timers count by a clock of their own and are not shifted, as on a machine whose time was set.
 */
import { readFileSync, watchFile } from 'node:fs';

const file = process.env['DOORBUSTER_SKEW_FILE'] ?? '';
const lookEveryMs = 100;
const RealDate = Date;
let skewMs = 0;

function look(): void {
  try {
    skewMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    skewMs = 0;
  }
}

const now = (): number => RealDate.now() + skewMs;

look();
watchFile(file, { interval: lookEveryMs, persistent: false }, look);
// A proxy and no class of its own, so that what Node itself makes counts as a Date as well.
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
