import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ownIdentity, type ProcessIdentity } from './process-identity.ts';
import type { EndSignal, WatchdogOrder } from './watchdog-protocol.ts';

const PROGRAM = fileURLToPath(new URL('./watchdog-process.ts', import.meta.url));
/** When the launcher is dead nobody waits for a good end: the data of a run has no value without the run. */
const GRACE_MAX_MS = 2000;

/** The launcher's end of the watchdog: starts it, tells it things, and starts another should it be killed. */
class Watchdog {
  #process: ChildProcess | undefined;
  /** What a new watchdog has to be told, by the pid or path it is about. */
  readonly #standing = new Map<string, WatchdogOrder>();

  /** From when this resolves, the process ends with the launcher, however the launcher ends. */
  async watch(process: ProcessIdentity, signal: EndSignal, graceMs: number): Promise<void> {
    const bounded = Math.min(graceMs, GRACE_MAX_MS);
    await this.#stand(`pid ${process.pid}`, { order: 'watch', process, signal, graceMs: bounded });
  }

  /** The process has ended, and its number may soon be somebody else's. */
  forget(pid: number): void {
    this.#standing.delete(`pid ${pid}`);
    void this.#tell({ order: 'forget', pid });
  }

  /** The file or folder must not outlive the launcher. */
  async removeAtEnd(path: string): Promise<void> {
    await this.#stand(`path ${path}`, { order: 'remove at the end', path });
  }

  /** The lock must not outlive the launcher, which has it. */
  releaseAtEnd(path: string): void {
    void this.#stand(`path ${path}`, { order: 'release at the end', path });
  }

  leaveAlone(path: string): void {
    this.#standing.delete(`path ${path}`);
    void this.#tell({ order: 'leave alone', path });
  }

  /** The watchdog's pid, if there is one; for tests and for whoever looks at `ps`. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async #stand(key: string, order: WatchdogOrder): Promise<void> {
    this.#standing.set(key, order);
    await this.#tell(order);
  }

  /** Resolves when the order is in the pipe: the watchdog reads it even if the launcher dies right then. */
  async #tell(order: WatchdogOrder): Promise<void> {
    const pipe = this.#running().stdin;
    if (!pipe) throw new Error('no watchdog could be started');
    // Should the watchdog be dead already, its successor is told all that stands.
    await new Promise<void>((written) => pipe.write(`${JSON.stringify(order)}\n`, () => written()));
  }

  #running(): ChildProcess {
    if (this.#process) return this.#process;
    // Detached: in a session of its own, no signal to the launcher's group or terminal reaches it.
    const { pid, startedAt } = ownIdentity();
    const child = spawn(process.execPath, ['--max-old-space-size=32', PROGRAM, String(pid), startedAt], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      env: { PATH: process.env['PATH'] },
    });
    this.#process = child;
    child.once('exit', () => this.#replace(child));
    child.stdin?.on('error', () => {});
    child.unref();
    // The launcher need not stay up for its watchdog's sake.
    if (child.stdin instanceof Socket) child.stdin.unref();
    return child;
  }

  #replace(dead: ChildProcess): void {
    if (this.#process !== dead) return;
    this.#process = undefined;
    for (const order of this.#standing.values()) void this.#tell(order);
  }
}

/** The one watchdog of this process. It starts with the first thing it is told. */
export const watchdog = new Watchdog();
