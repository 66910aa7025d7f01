import type { EndSignal } from './watchdog-protocol.ts';

/** A process that has been started and is not ready yet, as the wait for its readiness sees it. */
export interface StartingProcess {
  /** The first line of its log, from this start on, that matches. */
  logLine(pattern: RegExp): Promise<RegExpExecArray>;
  /** Aborted when the process ends or its time is up. */
  signal: AbortSignal;
  /** Makes known the port the process chose; a restart gets the same one again. */
  listensOn(port: number): void;
}

/** All the supervisor has to know about a process. */
export interface ProcessSpec {
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Another user to run as; only root may ask for one. */
  user?: { uid: number; gid: number } | undefined;
  /** Resolves when the process does its work; the supervisor bounds the wait. */
  ready(process: StartingProcess): Promise<void>;
  readyLimitMs: number;
  /** Whether it is started again when it ends by itself, or is killed. */
  restart: boolean;
  /** SIGTERM if not said otherwise. */
  stopSignal?: EndSignal;
  /** How it is asked to end when its launcher has died; the stop signal if not said otherwise. */
  orphanSignal?: EndSignal;
  stopGraceMs: number;
  /** What it listens on, if that is known before it starts. */
  port?: number;
  /** Processes of a higher tier need those of a lower one, so they are stopped first. */
  tier: number;
}

export type ProcessState =
  | 'starting'
  | 'ready'
  | 'paused'
  | 'stopping'
  | 'stopped'
  /** It has ended by itself and will be started again. */
  | 'restarting'
  /** It has ended by itself and will not be started again. */
  | 'crashed';

export interface ProcessStatus {
  name: string;
  state: ProcessState;
  pid: number | null;
  port: number | null;
  /** When it entered its state, ISO 8601. */
  since: string;
  restarts: number;
  /** All processor time of its group so far, and the memory it holds; null when it does not run. */
  cpuSeconds: number | null;
  rssBytes: number | null;
}

export interface Crash {
  name: string;
  /** "code 1" or "SIGKILL". */
  cause: string;
  logTail: string;
  /** When it will be started again; undefined when it will not. */
  restartInMs: number | undefined;
}
