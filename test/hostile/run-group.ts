import { faultOf } from './answers.ts';
import type { Case, CaseResult, Group, GroupContext } from './case.ts';
import { exchange, type Heard } from './exchange.ts';
import type { GroupSummary } from './report.ts';
import { watched } from './watched.ts';

export interface GroupResult {
  summary: GroupSummary;
  cases: CaseResult[];
}

const atOnceUsually = 16;
const limitMsUsually = 10_000;
const faultsMax = 20;

/** Tries everything of a group, and looks what became of it, of the shop, and of another client. */
export async function runGroup(group: Group, context: GroupContext): Promise<GroupResult> {
  const cases = group.cases(context);
  const { result, damage, ...seen } = await watched(context.info, group.settle !== undefined, async () => {
    const heard = await tryAll(cases, group);
    const results = cases.map((one) => judge(one, heard.get(one)));
    const isRight = results.every(({ fault }) => fault === undefined);
    return { results, unsettled: isRight ? await group.settle?.(context, heard) : undefined };
  });
  const { results, unsettled = [] } = result;
  const wrong = results.flatMap(({ door, name, fault }) =>
    fault === undefined ? [] : `${door}: ${name}: ${fault}`,
  );
  const statuses = Map.groupBy(results, ({ status }) => String(status ?? 'none'));
  const summary: GroupSummary = {
    id: group.id,
    title: group.title,
    tried: cases.length,
    statuses: Object.fromEntries([...statuses].map(([status, all]) => [status, all.length])),
    faults: [...wrong, ...unsettled, ...damage].slice(0, faultsMax),
    ...seen,
  };
  return { summary, cases: results };
}

async function tryAll(cases: readonly Case[], { atOnce = atOnceUsually, limitMs = limitMsUsually }: Group) {
  const heard = new Map<Case, Heard>();
  const left = cases.values();
  const client = async () => {
    for (const one of left) {
      const { expected, method = 'GET' } = one;
      heard.set(
        one,
        await exchange(one.door.address, one.sent, { awaited: expected.answers ?? 1, limitMs, method }),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return heard;
}

/** Compares what came with what has to come. */
function judge({ door, name, method = 'GET', expected, sent }: Case, heard: Heard | undefined): CaseResult {
  const { answers = [], endedBy, ms = 0 } = heard ?? {};
  const [first] = answers;
  const told = { door: door.name, name, status: first?.status, ms: Math.round(ms) };
  const { statuses, orCutOff = false } = expected;
  if (first === undefined) {
    if (endedBy === 'nobody') return { ...told, fault: `nothing came within ${Math.round(ms)} ms` };
    return orCutOff || sent.leaves ? told : { ...told, fault: 'the connection ended without an answer' };
  }
  if (statuses.length > 0 && !statuses.includes(first.status))
    return {
      ...told,
      fault: `${first.status} instead of ${statuses.join(' or ')}: ${first.body.slice(0, 200)}`,
    };
  const isBare = door.isOperators && first.body === '';
  const fault = answers
    .map((answer) => (isBare ? undefined : faultOf(answer, method)))
    .find((why) => why !== undefined);
  return fault === undefined ? told : { ...told, fault };
}
