/** What Consul tells, and may tell otherwise later. What was told last stays in force while Consul is away. */
export interface Told<T> {
  /** Undefined until Consul has answered for the first time. */
  now(): T | undefined;
  /** Hears what is told, and every change of it. */
  listen(listener: (value: T) => void): void;
  close(): void;
}

/** The two ends of it: what is told at one is known at the other. */
export function createTold<T>(close: () => void): { told: Told<T>; tell(value: T): void } {
  const listeners: ((value: T) => void)[] = [];
  let current: T | undefined;
  const told: Told<T> = {
    now: () => current,
    listen(listener) {
      listeners.push(listener);
      if (current !== undefined) listener(current);
    },
    close,
  };
  return {
    told,
    tell(value) {
      current = value;
      for (const listener of listeners) listener(value);
    },
  };
}
