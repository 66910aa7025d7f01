import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import {
  type Crash,
  controlRoomOf,
  findShop,
  keepShopInfo,
  onTermination,
  runProgram,
  SetupError,
  type Shop,
  showProgress,
  startShop,
} from '@doorbuster/stack';
import { audit } from '../audit/audit.ts';
import { toTable } from '../audit/report.ts';
import { ShopInfo, sourcesOf } from '../audit/sources.ts';
import { finalVerdict } from '../desk/spike-news.ts';
import { deskTeller } from '../desk/tell.ts';
import { type CurveRun, runCurve } from './curve-run.ts';
import { type Results, summarise, toFigures } from './demo-report.ts';
import { watchBacklog } from './drain.ts';
import { type DrawnOrder, drawOrder } from './draw-order.ts';
import { type Goods, readGoods } from './goods.ts';
import { type DemoOptions, readOptions } from './options.ts';
import { mulberry32 } from './random.ts';
import { watchUsage } from './usage.ts';

const TRACE_SHARE = 0.05;
const traceLimitMs = 15_000;

const ending = new AbortController();
const { signal } = ending;
onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));

await runProgram(async () => {
  const options = readOptions(process.argv.slice(2));
  const goods = await readGoods(options, mulberry32(options.seed));
  const { shopFile } = options;
  const shop = shopFile === undefined ? await openShop(options, goods) : await visitShop(shopFile);
  try {
    process.exitCode = await sellAndAudit(shop, options, goods);
    if (options.stay) await stay(shop);
  } catch (error) {
    // What was under way when the signal came fails in many ways, for this one reason.
    throw signal.aborted ? signal.reason : error;
  } finally {
    await shop.stop();
  }
});

/** Where it all happens: a shop of the demo's own, or one that is up already and stays so. */
interface Venue {
  info: ShopInfo;
  supervisor?: Shop['supervisor'];
  /** How many of the customers want to be traced; undefined where the shop was told. */
  traceShare?: number;
  stop(): Promise<void>;
}

async function visitShop(file: string): Promise<Venue> {
  return { info: await findShop(ShopInfo, file), traceShare: TRACE_SHARE, stop: async () => {} };
}

async function openShop(options: DemoOptions, { hotSku }: Goods): Promise<Shop> {
  const { catalogueFile: catalogue, hotSkuStock, instances, mtls, infoFile } = options;
  const progress = showProgress();
  const shop = await startShop({
    progress,
    signal,
    catalogue,
    hotSku,
    hotSkuStock,
    instances,
    mtls,
    traceShare: TRACE_SHARE,
    desk: true,
  });
  progress.close();
  shop.supervisor.on('crash', reportCrash);
  if (infoFile !== undefined) await keepShopInfo(shop, infoFile);
  console.log(`The control room is at ${controlRoomOf(shop.info)}`);
  return shop;
}

/** The Black Friday and the verdict on it; gives the exit code. */
async function sellAndAudit(venue: Venue, options: DemoOptions, goods: Goods): Promise<number> {
  const { info, supervisor, traceShare } = venue;
  console.log(`The shop is open at ${info.gateway}, traces at ${info.jaeger}. ${describe(options)}.`);
  const tellDesk = deskTeller(info, { ...options.curve, seed: options.seed });
  await tellDesk('running');
  const watch = await watchBacklog(info);
  const usageWatch = supervisor && watchUsage(supervisor);
  let setupMs = 0;
  const onFirstAccepted = () => {
    setupMs = performance.now();
    console.log(`The first order was accepted ${(setupMs / 1_000).toFixed(1)} s after the start.`);
  };
  const random = mulberry32(options.seed + 1);
  const run = { info, traceShare, options, goods, random, watch, signal, onFirstAccepted };
  const ran = await runCurve(run).finally(watch.close);
  const usage = usageWatch?.stop();
  signal.throwIfAborted();
  await tellDesk('auditing');
  const audited = await audit(sourcesOf(info));
  signal.throwIfAborted();
  const results = { options, setupMs, ...ran, usage, audited };
  await tellDesk('ended', { report: { ...summarise(results, undefined) }, verdict: finalVerdict(audited) });
  tellVerdict(results, goods);
  const drawn = await drawFirst(info, ran);
  if (options.reportFile !== undefined) {
    await writeFile(options.reportFile, `${JSON.stringify(summarise(results, drawn), undefined, 2)}\n`);
  }
  return audited.verdict === 'PASS' ? 0 : 1;
}

function tellVerdict(results: Results, { complaints }: Goods): void {
  const { audited, traceId } = results;
  const lines = [
    '',
    toFigures(results),
    ...complaints.map((complaint) => `  ${complaint}`),
    `  one trace: ${traceId}`,
    '',
    toTable(audited, process.stdout.columns),
    `${audited.verdict}  (${(performance.now() / 1_000).toFixed(1)} s after the start)`,
  ];
  console.log(lines.join('\n'));
}

/** Draws the first order, whose trace is always there. */
async function drawFirst(info: ShopInfo, { following, traceId }: CurveRun): Promise<DrawnOrder | undefined> {
  const { firstOrderId } = following;
  if (firstOrderId === undefined) return undefined;
  const drawn = await drawOrder(info, firstOrderId, { traceId, limitMs: traceLimitMs, signal });
  console.log(`\nOne order, and what became of it\n\n${drawn?.drawing ?? 'It cannot be read.'}`);
  return drawn;
}

async function stay({ info }: Venue): Promise<void> {
  console.log(`The shop stays up at ${info.gateway}. Ctrl-C ends it.`);
  if (!signal.aborted) await once(signal, 'abort');
}

function describe({ curve, instances, seed, shopFile }: DemoOptions): string {
  const services = shopFile === undefined ? `, ${instances} of each service` : '';
  return `Seed ${seed}, ${curve.seconds} s from ${curve.basePerS} to ${curve.peakPerS} orders/s${services}`;
}

function reportCrash({ name, cause, logTail, restartInMs }: Crash): void {
  const next = restartInMs === undefined ? 'It stays down' : `It is started again in ${restartInMs} ms`;
  console.error(`${name} ended (${cause}). ${next}. Its log ends:\n${logTail}`);
}
