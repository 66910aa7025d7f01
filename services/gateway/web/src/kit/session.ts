// What the page remembers for as long as its tab is open.

/** Reads what was kept under this name; a browser that keeps nothing has nothing. */
export function recall<Value>(name: string): Value | undefined {
  try {
    const text = sessionStorage.getItem(`doorbuster.${name}`);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a value under this name, or forgets it. */
export function keep(name: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(`doorbuster.${name}`);
    else sessionStorage.setItem(`doorbuster.${name}`, JSON.stringify(value));
  } catch {
    // Storage may be forbidden or full; the page goes on without it.
  }
}

/** A UUID of version 4. `crypto.randomUUID` is only there over HTTPS or on this very machine. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes.set([((bytes[6] ?? 0) & 0x0f) | 0x40], 6);
  bytes.set([((bytes[8] ?? 0) & 0x3f) | 0x80], 8);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
