import { closeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type GuardedProcess, spawnGuarded } from './guarded-spawn.ts';
import { LogFile } from './log-file.ts';
import { poll, rejection } from './poll.ts';
import { signalLeader, signalTree } from './process-signal.ts';
import type { Crash, ProcessSpec, ProcessState, StartingProcess } from './process-spec.ts';
import { RestartPolicy } from './restart-policy.ts';

const KILL_LIMIT_MS = 10_000;

export interface ProcessEvents {
  onState(): void;
  onCrash(crash: Crash): void;
}

/** One process under supervision: its life from start to end, over all its restarts. */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  state: ProcessState = 'stopped';
  since = new Date();
  restarts = 0;
  port: number | undefined;
  readonly #log: LogFile;
  readonly #events: ProcessEvents;
  #running: GuardedProcess | undefined;
  /** Aborted when whoever supervises wants it to end, so that no restart follows. */
  #life = new AbortController();
  #restartPolicy = new RestartPolicy();

  constructor(spec: ProcessSpec, logFile: string, events: ProcessEvents) {
    this.spec = spec;
    this.port = spec.port;
    this.#log = new LogFile(logFile);
    this.#events = events;
  }

  get pid(): number | undefined {
    return this.#running?.identity.pid;
  }

  /** Starts it and resolves when it is ready; fails, with the end of its log, when it does not become so. */
  async start(): Promise<void> {
    if (this.state !== 'stopped' && this.state !== 'crashed') return;
    this.#life = new AbortController();
    this.#restartPolicy = new RestartPolicy();
    await this.#launch();
  }

  /** Asks it to end, and after its grace makes it. */
  async stop(): Promise<void> {
    this.#life.abort(new Error(`${this.spec.name} was stopped`));
    const running = this.#running;
    if (!running) return this.#enter('stopped');
    this.#enter('stopping');
    signalLeader(running.identity, this.spec.stopSignal ?? 'SIGTERM');
    // A paused process would sleep through the signal that asks it to stop.
    this.#signal('SIGCONT');
    await this.#end(running, this.spec.stopGraceMs).catch(() => this.#signal('SIGKILL'));
    await this.#end(running, KILL_LIMIT_MS);
  }

  /** Ends it without a warning, as a crash would, and resolves when it is gone. */
  async kill(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#signal('SIGKILL');
    await this.#end(running, KILL_LIMIT_MS);
  }

  /** Holds it where it is; to the others it looks hung. */
  pause(): void {
    if (this.state === 'ready' && this.#signal('SIGSTOP')) this.#enter('paused');
  }

  resume(): void {
    if (this.state === 'paused' && this.#signal('SIGCONT')) this.#enter('ready');
  }

  async #launch(): Promise<void> {
    const { ready } = this.spec;
    this.#enter('starting');
    const logOffset = this.#log.sizeBytes;
    const running = await this.#spawn();
    const signal = AbortSignal.any([this.#endOf(running), timeLimit(this.spec)]);
    try {
      await Promise.race([ready(this.#starting(logOffset, signal)), rejection(signal)]);
    } catch (cause) {
      await this.#giveUp(running);
      throw new Error(`${messageOf(cause)}. Its log ends:\n${this.#log.tail()}`, { cause });
    }
    this.#enter('ready');
  }

  /** Aborted when the process ends, which is then dealt with. */
  #endOf(running: GuardedProcess): AbortSignal {
    const over = new AbortController();
    running.child.once('exit', (code, signal) => {
      const how = signal ?? `code ${code}`;
      over.abort(new Error(`${this.spec.name} ended (${how}) before it was ready`));
      this.#ended(running, how);
    });
    return over.signal;
  }

  async #spawn(): Promise<GuardedProcess> {
    const { command, args, cwd, user, stopSignal, stopGraceMs } = this.spec;
    const orphanSignal = this.spec.orphanSignal ?? stopSignal;
    const env = this.port === undefined ? this.spec.env : { ...this.spec.env, PORT: String(this.port) };
    const output = this.#log.openForChild();
    try {
      const guarded = { command, args, env, cwd, user, orphanSignal, graceMs: stopGraceMs, output };
      const running = await spawnGuarded(guarded);
      this.#running = running;
      // Stopped while it was being born: it must not be forgotten.
      if (this.#life.signal.aborted) signalTree(running.identity, 'SIGKILL');
      return running;
    } finally {
      closeSync(output);
    }
  }

  #starting(logOffset: number, signal: AbortSignal): StartingProcess {
    return {
      signal,
      logLine: (pattern) => this.#log.lineAfter(logOffset, pattern, this.spec.readyLimitMs, signal),
      listensOn: (port) => {
        this.port = port;
      },
    };
  }

  /** Its end was not seen as a crash, for it was still starting: whoever waits for the start hears of it. */
  async #giveUp(running: GuardedProcess): Promise<void> {
    if (this.#running !== running) return;
    signalTree(running.identity, 'SIGKILL');
    await this.#end(running, KILL_LIMIT_MS);
  }

  #ended(running: GuardedProcess, cause: string): void {
    // The leader's children (a database's backends) must not linger: they hold its port and its memory.
    signalTree(running.identity, 'SIGKILL');
    if (this.#running === running) this.#running = undefined;
    if (this.#life.signal.aborted) {
      this.#enter('stopped');
    } else if (this.state === 'starting') {
      this.#enter('crashed');
    } else {
      this.#restartPolicy.hadRun(Date.now() - this.since.getTime());
      this.#crashed(cause);
    }
  }

  #crashed(cause: string): void {
    const restartInMs = this.spec.restart ? this.#restartPolicy.afterFailure() : undefined;
    this.#enter(restartInMs === undefined ? 'crashed' : 'restarting');
    this.#events.onCrash({ name: this.spec.name, cause, logTail: this.#log.tail(), restartInMs });
    if (restartInMs !== undefined) void this.#restart(restartInMs);
  }

  async #restart(delayMs: number): Promise<void> {
    const { signal } = this.#life;
    try {
      await pause(delayMs, undefined, { signal });
      this.restarts++;
      await this.#launch();
    } catch (error) {
      // Its cause is the short reason; the log's end is reported beside it anyway.
      if (!signal.aborted) this.#crashed(messageOf(error instanceof Error ? (error.cause ?? error) : error));
    }
  }

  #signal(signal: NodeJS.Signals): boolean {
    return this.#running !== undefined && signalTree(this.#running.identity, signal);
  }

  async #end(running: GuardedProcess, limitMs: number): Promise<void> {
    const { child } = running;
    const gone = () => (child.exitCode !== null || child.signalCode !== null ? true : undefined);
    await poll(gone, { what: `the end of ${this.spec.name}`, limitMs });
  }

  #enter(state: ProcessState): void {
    this.state = state;
    this.since = new Date();
    this.#events.onState();
  }
}

function timeLimit({ name, readyLimitMs }: ProcessSpec): AbortSignal {
  const limit = new AbortController();
  const tooLate = () => limit.abort(new Error(`${name} was not ready within ${readyLimitMs / 1000} s`));
  setTimeout(tooLate, readyLimitMs).unref();
  return limit.signal;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
