import type { LiveVerdict } from '@doorbuster/contracts';
import { readingPool } from '../../audit/database.ts';
import { clientsFileOf, type ShopInfo } from '../../audit/sources.ts';
import { judgeLive, type LiveBooks, type LiveFinding, type LiveJudgement } from './judge.ts';
import { restMs } from './pace.ts';
import { followPromises } from './promises.ts';
import { dueAfterMs, keepStretches } from './stretches.ts';
import type { Databases } from './sums.ts';
import { readQueues, readStock } from './whole.ts';

/** The verdict while the shop is at work. */
export interface LiveAudit {
  /** The last verdict, or null; whoever asks has the next one made, if it is time. */
  verdict(): LiveVerdict | null;
  close(): Promise<void>;
}

/** The least that lies between two looks; they lie further apart where one costs more. */
const everyMs = 3_000;
/** What looks wrong is looked at again sooner: until then it does not count. So are old orders that nobody has counted. */
const againMs = 500;
/** An older one says nothing about now. */
const keptMs = 60_000;
const findingsMax = 20;

/** Watches the invariants by sums, for as long as somebody asks. */
export function watchInvariants(
  { auditor, runDir }: Pick<ShopInfo, 'auditor' | 'runDir'>,
  isDisturbed: () => Promise<boolean>,
): LiveAudit {
  const databases: Databases = {
    order: readingPool(auditor.order),
    payment: readingPool(auditor.payment),
    inventory: readingPool(auditor.inventory),
    notification: readingPool(auditor.notification),
    acquirer: readingPool(auditor.acquirer),
  };
  const promises = followPromises(clientsFileOf(runDir), databases.order);
  const stretches = keepStretches(databases);
  let disturbedAt = Number.NEGATIVE_INFINITY;
  let suspects = new Set<string>();
  let verdict: LiveVerdict | null = null;
  let dueAt = 0;
  let looking: Promise<void> | undefined;

  async function readBooks(now: number): Promise<LiveBooks | undefined> {
    if (await isDisturbed()) disturbedAt = now;
    const told = await promises.look();
    const { sold: soldBefore } = await readStock(databases);
    const parts = await stretches.read(now);
    if (parts === undefined) return undefined;
    const [stock, queues] = await Promise.all([readStock(databases), readQueues(databases)]);
    const wasDisturbed = now - disturbedAt < dueAfterMs;
    return { promises: told, soldBefore, parts, stock, queues, isDisturbed: wasDisturbed };
  }

  /** @returns how long to rest until the next look, ms */
  async function look(): Promise<number> {
    const now = Date.now();
    const startedAt = performance.now();
    const books = await readBooks(now);
    const tookMs = performance.now() - startedAt;
    if (books === undefined) return restMs(tookMs, againMs);
    const judgements = judgeLive(books);
    stretches.judged(judgements);
    const invariants = judgements.map((judgement) => toInvariant(judgement, suspects));
    const named = new Set(
      judgements.flatMap((judgement) => judgement.findings.map((one) => keyOf(judgement, one))),
    );
    const isNew = [...named].some((one) => !suspects.has(one));
    suspects = named;
    verdict = {
      at: new Date(now).toISOString(),
      isFinal: false,
      verdict: invariants.every(({ holds }) => holds) ? 'PASS' : 'FAIL',
      tookMs: Math.round(tookMs),
      invariants,
    };
    return isNew ? againMs : restMs(tookMs, everyMs);
  }

  return {
    verdict() {
      if (looking === undefined && performance.now() >= dueAt) {
        // A database that is down for a moment is a fault that whoever watches has to survive.
        looking = look()
          .catch(() => everyMs)
          .then((rest) => {
            dueAt = performance.now() + rest;
            looking = undefined;
          });
      }
      return verdict !== null && Date.now() - Date.parse(verdict.at) < keptMs ? verdict : null;
    },
    async close() {
      await looking;
      await Promise.all(Object.values(databases).map((pool) => pool.end().catch(() => undefined)));
    },
  };
}

const keyOf = ({ id }: LiveJudgement, { subject }: LiveFinding): string => `${id} ${subject}`;

/** With those findings only that were there at the last look as well. */
function toInvariant(judgement: LiveJudgement, suspects: Set<string>): LiveVerdict['invariants'][number] {
  const { id, name, evidence } = judgement;
  const counted = judgement.findings.filter((one) => suspects.has(keyOf(judgement, one)));
  const findings = counted.slice(0, findingsMax).map(({ text }) => text);
  return { id, name, holds: findings.length === 0, evidence, findings };
}
