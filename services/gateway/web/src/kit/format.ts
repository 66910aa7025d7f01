// How numbers, money and times are written down: always the same width, so that nothing jumps.

const money = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' });
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Pence as pounds: `£6.50`. */
export const pounds = (cents: number): string => money.format(cents / 100);

/** `12,345`. */
export const count = (n: number): string => whole.format(n);

/** `12.3K`, where there is no room for more. */
export const brief = (n: number): string => (Math.abs(n) < 10_000 ? whole.format(n) : short.format(n));

/** A rate per second: one decimal below ten, none above. */
export const rate = (perS: number): string =>
  perS < 10 ? perS.toFixed(perS === 0 ? 0 : 1) : whole.format(perS);

/** Milliseconds as a person reads them: `840 µs`, `12 ms`, `1.25 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms < 1) return ms === 0 ? '0 ms' : `${Math.round(ms * 1_000)} µs`;
  if (ms < 10 && !Number.isInteger(ms)) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
}

/** Bytes as MiB or GiB. */
export const mebibytes = (bytes: number): string =>
  bytes < 1_024 ** 3 ? `${Math.round(bytes / 1_024 ** 2)} MiB` : `${(bytes / 1_024 ** 3).toFixed(1)} GiB`;

/** The time of day, to the second. */
export const timeOfDay = (at: string): string => clock.format(new Date(at));

/** The time of day, to the millisecond. */
export const exactTime = (at: string): string =>
  `${timeOfDay(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;

/** `PaymentCaptured` as `Payment captured`. */
export const words = (type: string): string =>
  type.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
