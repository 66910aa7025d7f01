/** How long to wait before the next try, ms: it doubles from half a second up to ten. */
export const backOffMs = (failures: number): number => Math.min(10_000, 500 * 2 ** Math.min(failures, 10));
