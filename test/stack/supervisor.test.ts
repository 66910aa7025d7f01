import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { identify } from '../../libs/stack/src/process-identity.ts';
import type { Crash } from '../../libs/stack/src/process-spec.ts';
import { type Supervisor, UnknownName } from '../../libs/stack/src/supervisor.ts';
import { childSpec, newSupervisor, reached, statusOf } from './supervised-child.ts';

let supervisor: Supervisor;
let crashes: Crash[];

beforeEach(async () => {
  supervisor = await newSupervisor();
  crashes = [];
  supervisor.on('crash', (crash) => crashes.push(crash));
});

afterEach(() => supervisor.stopAll());

test('A process is ready when it says so, and gone when it was stopped', async () => {
  await supervisor.run(childSpec('calm'));
  const { pid, state } = statusOf(supervisor, 'calm');
  expect(state).toBe('ready');
  expect(identify(pid ?? 0)).toBeDefined();
  await supervisor.stop('calm');
  expect(identify(pid ?? 0)).toBeUndefined();
  expect(statusOf(supervisor, 'calm')).toMatchObject({ state: 'stopped', pid: null, cpuSeconds: null });
  expect(crashes).toEqual([]);
});

test('A process that does not heed the signal is killed after its grace', async () => {
  await supervisor.run(childSpec('stubborn', { env: { STUBBORN: '1' }, stopGraceMs: 300 }));
  await supervisor.stop('stubborn');
  expect(statusOf(supervisor, 'stubborn').state).toBe('stopped');
});

test('When a process is killed, then that is reported and it comes back under its old port', async () => {
  const ready = async (starting: Parameters<ReturnType<typeof childSpec>['ready']>[0]) => {
    const [line] = await starting.logLine(/^\{.*listening.*\}$/);
    // What it was told on the first start is 0; it "chooses" this one, and is told it from then on.
    starting.listensOn(line.includes('"port":0') ? 23_456 : Number(/"port":(\d+)/.exec(line)?.[1]));
  };
  await supervisor.run(childSpec('phoenix', { restart: true, ready, env: { PORT: '0' } }));
  const before = statusOf(supervisor, 'phoenix');
  await supervisor.kill('phoenix');
  const after = await reached(supervisor, 'phoenix', 'ready', 1);
  expect(after.pid).not.toBe(before.pid);
  expect(after.port).toBe(23_456);
  expect(crashes).toMatchObject([{ name: 'phoenix', cause: 'SIGKILL', restartInMs: 200 }]);
});

test('When a process fails to start, then the error holds the end of its log', async () => {
  const never = { ready: async () => new Promise<void>(() => {}) };
  const failing = supervisor.run(
    childSpec('failing', { ...never, restart: true, env: { FAILS_WITH: '78' } }),
  );
  await expect(failing).rejects.toThrow(/failing ended \(code 78\) before it was ready.*the last words/s);
  expect(statusOf(supervisor, 'failing').state).toBe('crashed');
});

test('When a process is not ready in time, then it is ended and the error says so', async () => {
  const slow = childSpec('slow', { ready: () => new Promise<void>(() => {}), readyLimitMs: 500 });
  await expect(supervisor.run(slow)).rejects.toThrow('slow was not ready within 0.5 s');
  expect(statusOf(supervisor, 'slow').pid).toBeNull();
});

test('A paused process is there and does nothing; it can be resumed, and stopped while paused', async () => {
  await supervisor.run(childSpec('sleepy'));
  supervisor.pause('sleepy');
  expect(statusOf(supervisor, 'sleepy').state).toBe('paused');
  supervisor.resume('sleepy');
  expect(statusOf(supervisor, 'sleepy').state).toBe('ready');
  supervisor.pause('sleepy');
  await supervisor.stop('sleepy');
  expect(statusOf(supervisor, 'sleepy').state).toBe('stopped');
});

test('A service is scaled up and down by the number of its instances', async () => {
  supervisor.defineService('shopkeeper', (instance) => childSpec(instance));
  const names = () => supervisor.list().map((one) => one.name);
  await supervisor.scale('shopkeeper', 3);
  expect(names()).toEqual(['shopkeeper-1', 'shopkeeper-2', 'shopkeeper-3']);
  await supervisor.scale('shopkeeper', 1);
  expect(names()).toEqual(['shopkeeper-1']);
  await expect(supervisor.scale('nobody', 1)).rejects.toThrow(UnknownName);
});

test('Processes of a higher tier are stopped before those they need', async () => {
  const stopped: string[] = [];
  await supervisor.run(childSpec('server', { tier: 0 }));
  await supervisor.run(childSpec('service', { tier: 1 }));
  supervisor.on('change', () => {
    for (const { name, state } of supervisor.list()) {
      if (state === 'stopped' && !stopped.includes(name)) stopped.push(name);
    }
  });
  await supervisor.stopAll();
  expect(stopped).toEqual(['service', 'server']);
});
