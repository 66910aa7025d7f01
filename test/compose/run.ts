/**
 * `npm run test:compose`: the whole shop in containers, beside any other and gone afterwards. `--report FILE` keeps
 * what was measured, for `npm run docs -- --compose FILE`; `--seconds N` is how long each spike lasts, and `--peak N`
 * how many orders a second it comes to.
 */
import { writeFile } from 'node:fs/promises';
import { onTermination, readArguments, runProgram, SetupError } from '@doorbuster/stack';
import * as checks from './checks.ts';
import { docker, tryDocker } from './docker.ts';
import { baseImage } from './engine.ts';
import { watchMemory } from './memory.ts';
import { openProject, type Project } from './project.ts';
import { type ComposeRun, machine } from './report.ts';
import type { Height } from './spike.ts';

const ending = new AbortController();
const { signal } = ending;
onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));

const options = {
  report: { type: 'string' },
  seconds: { type: 'string', default: '60' },
  peak: { type: 'string', default: '200' },
} as const;

await runProgram(async () => {
  const args = { args: process.argv.slice(2), options };
  const { values } = readArguments(args, 'the options are --report, --seconds and --peak');
  const height = { seconds: whole('seconds', values.seconds), peak: whole('peak', values.peak) };
  const engine = await tryDocker(['version', '--format', '{{.Server.Version}}'], { signal });
  if (engine.code !== 0) throw new SetupError('No Docker engine answers here.');
  const project = await openProject(signal);
  const results: ComposeRun['checks'] = [];
  const measured = await runAll(project, height, results)
    .catch((error) => {
      throw signal.aborted ? signal.reason : error;
    })
    .finally(() => close(project, results));
  if (values.report !== undefined) {
    const run: ComposeRun = { machine: machine(), engine: engine.out.trim(), ...measured, checks: results };
    await writeFile(values.report, `${JSON.stringify(run, undefined, 2)}\n`);
  }
  const failed = results.filter(({ holds }) => !holds);
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
});

type Measured = Pick<ComposeRun, 'upMs' | 'imageMb' | 'memoryMiB'>;

async function runAll(project: Project, height: Height, results: ComposeRun['checks']): Promise<Measured> {
  const check = async (name: string, work: () => Promise<string>) => {
    const [holds, evidence] = await work().then(
      (text): [boolean, string] => [true, text],
      (error): [boolean, string] => [false, error instanceof Error ? error.message : String(error)],
    );
    signal.throwIfAborted();
    results.push({ name, holds, evidence });
    console.log(`  ${holds ? 'holds' : 'FAILS'}  ${name}: ${evidence}`);
  };
  await check('the files are sound', () => checks.filesAreSound(project));
  await project.compose(['--profile', '*', 'build']);
  const startedAt = performance.now();
  await check('all are healthy the first time', () => checks.comesUp(project));
  const upMs = Math.round(performance.now() - startedAt);
  await check('an order goes through, and its trace is there', () => checks.orderIsTraced(project));
  const atRest = await project.memoryMiB();
  const watch = watchMemory(project);
  await check('black-friday', () => checks.blackFridayPasses(project, height));
  const atSpike = await watch.stop();
  const limits = new Map((await project.containers()).map(({ name, limitMiB }) => [name, limitMiB]));
  await check('--scale payment=3', () => checks.threePaymentsWork(project, height));
  await project.compose(['up', '-d', '--wait', '--scale', 'payment=1']);
  const { survives, crash, kill, restart, ours } = checks;
  const victims = [...ours, 'kafka'];
  const everything = [...victims, 'postgres', 'consul', 'jaeger'];
  await check('crashed, and started again by policy', () => survives(project, crash, victims, height));
  await check('killed, and started again by hand', () => survives(project, kill, victims, height));
  await check('restarted under load', () => survives(project, restart, everything, height));
  return {
    upMs,
    imageMb: await imageMb(project),
    memoryMiB: {
      limits: Object.fromEntries(limits),
      atRest: Object.fromEntries(atRest),
      atSpike: Object.fromEntries(atSpike),
    },
  };
}

/** How large the services' image is, and how much of it does not come with Node's. */
async function imageMb(project: Project): Promise<ComposeRun['imageMb']> {
  const size = Number(await docker(['image', 'inspect', '-f', '{{.Size}}', await baseImage()], { signal }));
  const all = await project.imageMb();
  return { all, ours: all - Math.round(size / 1e6) };
}

function whole(name: string, text: string): number {
  if (/^\d{2,4}$/.test(text)) return Number(text);
  throw new SetupError(`--${name} must be a whole number from 10 to 9999, not "${text}".`);
}

async function close(project: Project, results: ComposeRun['checks']): Promise<void> {
  const left = await project.close();
  const evidence = left.length === 0 ? 'no container, volume, network or image is left' : left.join(', ');
  results.push({ name: 'down leaves nothing', holds: left.length === 0, evidence });
  console.log(`  ${left.length === 0 ? 'holds' : 'FAILS'}  down leaves nothing: ${evidence}`);
}
