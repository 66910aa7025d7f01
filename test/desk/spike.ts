import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LiveVerdict, SpikeBody, SpikeView } from '@doorbuster/contracts';
import { Refusal } from '@doorbuster/stack';
import type { SpikeNews } from './spike-news.ts';

const program = fileURLToPath(new URL('../load/demo.ts', import.meta.url));
/** The signal first, and who does not heed it is ended. */
const stopLimitMs = 10_000;

/** The Black Friday that runs, or the last one, whoever started it. */
export interface Spikes {
  view(): SpikeView | null;
  /** The auditor's verdict on the last run; null while one runs. */
  verdict(): LiveVerdict | null;
  /** @throws Refusal 409 while one runs */
  start(body: SpikeBody): void;
  /** Resolves when it is over. @throws Refusal 409 when none runs that was started here */
  stop(): Promise<void>;
  /** What a run tells of itself. @throws Refusal 409 when another one runs */
  told(news: SpikeNews): void;
  close(): Promise<void>;
}

/** Keeps one Black Friday at a time: `npm run demo -- --shop INFO`, as anybody could start it. */
export function keepSpikes(infoFile: string): Spikes {
  let view: SpikeView | null = null;
  let verdict: LiveVerdict | null = null;
  let pid: number | undefined;
  let child: ChildProcess | undefined;
  let isStopping = false;

  function begin(course: SpikeBody, by: SpikeView['by']): void {
    const { seconds, basePerS, peakPerS, seed } = course;
    const startedAt = new Date().toISOString();
    const fresh = { state: 'running', startedAt, endedAt: null, by, report: null } as const;
    view = { seconds, basePerS, peakPerS, seed, ...fresh };
    verdict = null;
  }

  function end(state: SpikeView['state'], report: SpikeView['report'] = null): void {
    if (view !== null) view = { ...view, state, report, endedAt: new Date().toISOString() };
  }

  /** A run that somebody killed tells nothing any more. */
  function look(): SpikeView | null {
    if (isOn(view) && child === undefined && pid !== undefined && !isAlive(pid)) end('failed');
    return view;
  }

  function start(body: SpikeBody): void {
    if (isOn(look())) throw new Refusal(409, 'a spike runs already; stop it first');
    begin(body, 'operator');
    isStopping = false;
    const { seconds, basePerS, peakPerS, seed } = body;
    const course = { seconds, base: basePerS, peak: peakPerS, seed };
    const options = Object.entries(course).flatMap(([name, value]) => [`--${name}`, String(value)]);
    // What it prints is in the desk's log.
    const stdio: ['ignore', 'inherit', 'inherit'] = ['ignore', 'inherit', 'inherit'];
    const started = spawn(process.execPath, [program, '--shop', infoFile, ...options], { stdio });
    child = started;
    pid = started.pid;
    const over = () => {
      if (child !== started) return;
      child = undefined;
      if (isOn(view)) end(isStopping ? 'stopped' : 'failed');
    };
    started.once('exit', over);
    started.once('error', over);
  }

  async function stop(): Promise<void> {
    if (!isOn(look())) throw new Refusal(409, 'no spike runs');
    if (child === undefined)
      throw new Refusal(409, 'this one was started in a terminal, and Ctrl-C there ends it');
    await endChild(child);
  }

  async function endChild(running: ChildProcess): Promise<void> {
    isStopping = true;
    const over = once(running, 'exit');
    running.kill('SIGTERM');
    const insist = setTimeout(() => running.kill('SIGKILL'), stopLimitMs);
    await over;
    clearTimeout(insist);
  }

  function told(news: SpikeNews): void {
    const isNew = news.state === 'running' && news.pid !== pid;
    if (isNew && isOn(look())) throw new Refusal(409, 'another spike runs');
    if (isNew) {
      begin(news, 'demo');
      pid = news.pid;
    }
    if (news.pid !== pid || view === null) throw new Refusal(409, 'another spike runs');
    if (news.state === 'auditing') view = { ...view, state: 'auditing' };
    if (news.state !== 'ended' && news.state !== 'failed') return;
    end(news.state, news.report);
    verdict = news.verdict;
  }

  return {
    view: look,
    verdict: () => verdict,
    start,
    stop,
    told,
    close: async () => void (child && (await endChild(child))),
  };
}

const isOn = (view: SpikeView | null): boolean => view?.state === 'running' || view?.state === 'auditing';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
