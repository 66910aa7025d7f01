import type { Progress } from '../progress.ts';

/** What everything that fetches or builds a tool is given. */
export interface SetupContext {
  progress: Progress;
  /** Aborted when the person at the terminal has had enough. */
  signal?: AbortSignal | undefined;
}
