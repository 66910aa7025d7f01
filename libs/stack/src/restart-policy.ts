const FIRST_AFTER_MS = 200;
const AT_MOST_AFTER_MS = 5000;
/** So many ends in a row, with nothing achieved between them, are a fault that no restart will mend. */
const FAILURES_IN_A_ROW_MAX = 8;
/** Who was ready for so long had started well; what ends it then is a new failure. */
const SOUND_AFTER_MS = 20_000;

/** Decides when a process that has ended by itself is started again: at first at once, then ever later. */
export class RestartPolicy {
  #failures = 0;

  /** In how many milliseconds to start it again; undefined when enough is enough. */
  afterFailure(): number | undefined {
    if (this.#failures >= FAILURES_IN_A_ROW_MAX) return undefined;
    return Math.min(FIRST_AFTER_MS * 2 ** this.#failures++, AT_MOST_AFTER_MS);
  }

  /** It had been ready for so long before it ended. */
  hadRun(runMs: number): void {
    if (runMs > SOUND_AFTER_MS) this.#failures = 0;
  }
}
