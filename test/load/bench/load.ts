import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command, LoadSettings, Phase, Report, Seen, StormSeen, Stream } from './client/messages.ts';

/** The load process, as the bench sees it. */
export interface Load {
  /** Sends the orders of a phase; `atWindow` is called as its window begins and as it ends. */
  run(phase: Phase, atWindow: (edge: 'began' | 'ended') => void): Promise<Seen>;
  /** Sends the orders of several streams, and resolves when each is settled. */
  storm(streams: readonly Stream[]): Promise<StormSeen>;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('client/process.ts', import.meta.url));

/** Starts the load process; resolves when it is ready to send. @throws when it cannot, or ends before its time */
export async function startLoad(settings: LoadSettings, signal: AbortSignal): Promise<Load> {
  const child = fork(program, { signal, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const reports = new EventEmitter<{ report: [Report] }>();
  child.on('message', (report: Report) => void reports.emit('report', report));
  child.on('exit', () => void reports.emit('report', { kind: 'failed', why: 'the load process ended' }));
  child.on('error', (error) => void reports.emit('report', { kind: 'failed', why: String(error) }));

  async function ask(
    command: Command,
    onReport: (report: Report) => void = () => undefined,
  ): Promise<Report> {
    const { promise, resolve, reject } = Promise.withResolvers<Report>();
    const listener = (report: Report) => {
      if (report.kind === 'failed') reject(new Error(`The load failed: ${report.why}`));
      else if (report.kind === 'window began' || report.kind === 'window ended') onReport(report);
      else resolve(report);
    };
    reports.on('report', listener);
    child.send(command);
    return promise.finally(() => reports.off('report', listener));
  }

  await ask({ kind: 'start', settings });
  return {
    async run(phase, atWindow) {
      const done = await ask({ kind: 'run', phase }, ({ kind }) =>
        atWindow(kind === 'window began' ? 'began' : 'ended'),
      );
      if (done.kind !== 'done') throw new Error(`The load says ${done.kind}`);
      return done.seen;
    },
    async storm(streams) {
      const done = await ask({ kind: 'storm', streams });
      if (done.kind !== 'stormed') throw new Error(`The load says ${done.kind}`);
      return done.seen;
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
