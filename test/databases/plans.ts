import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import type { Statement } from './recording.ts';
import type { Index, Schema } from './schema.ts';

/** A node of a plan. Source: https://www.postgresql.org/docs/18/sql-explain.html */
const Plan = z.object({
  'Node Type': z.string(),
  'Index Name': z.string().optional(),
  'Index Cond': z.string().optional(),
  'Relation Name': z.string().optional(),
  'Conflict Resolution': z.string().optional(),
  'Conflict Arbiter Indexes': z.array(z.string()).optional(),
  'Function Name': z.string().optional(),
  get Plans() {
    return z.array(Plan).optional();
  },
});
type Plan = z.infer<typeof Plan>;
const Explained = z.tuple([z.object({ Plan })]);
const Executed = z.object({ 'Query Text': z.string(), Plan });

/**
 * The indexes that a statement of ours needs, by what PostgreSQL plans for it: those that it finds rows by, reads in
 * the order of, or meets a conflict in. The database is a fresh one, so the answer is always the same; and what is
 * inside of a function, where EXPLAIN does not look, is run, in a transaction that is rolled back.
 */
export async function indexesNeeded(
  database: Pool,
  schema: Schema,
  { text, values }: Pick<Statement, 'text' | 'values'>,
): Promise<string[]> {
  if (!/^\s*(select|insert|update|delete|with)\b/i.test(text)) return [];
  const { rows } = await database.query(`explain (generic_plan, format json) ${text}`);
  const [{ Plan: plan }] = Explained.parse(rows[0]['QUERY PLAN']);
  const called = nodesOf(plan).map((node) => node['Function Name']);
  const isOurs = schema.routines.some(({ name }) => called.includes(name));
  const executed = isOurs ? await plansOfExecution(database, text, values) : [];
  const indexes = schema.relations.flatMap((relation) => relation.indexes);
  const needed = [{ text, plan }, ...executed].flatMap((one) => neededBy(one.plan, one.text, indexes));
  return [...new Set(needed)];
}

function neededBy(plan: Plan, text: string, indexes: Index[]): string[] {
  const nodes = nodesOf(plan);
  // Since scans are no choice here, an index may also be read from end to end; that is no reason to have it.
  const inOrder = /\border by\b/i.test(text) && !nodes.some((node) => node['Node Type'].includes('Sort'));
  return nodes.flatMap((node) => {
    const name = node['Index Name'];
    const looksUp = name !== undefined && (node['Index Cond'] !== undefined || inOrder) ? [name] : [];
    return [...looksUp, ...guarding(node, indexes)];
  });
}

/** The indexes in which an insert meets what was there before. Without a target, any unique one may be it. */
function guarding(node: Plan, indexes: Index[]): string[] {
  if (node['Conflict Resolution'] === undefined) return [];
  const named = node['Conflict Arbiter Indexes'];
  if (named !== undefined) return named;
  return indexes
    .filter(({ table, isUnique }) => isUnique && table === node['Relation Name'])
    .map(({ name }) => name);
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Runs a statement and gives the plans of everything that ran because of it. Nothing of it stays. */
async function plansOfExecution(database: Pool, text: string, values: unknown[]) {
  const heard: { text: string; plan: Plan }[] = [];
  const hear = ({ message }: { message?: string | undefined }) => {
    const [, json] = message?.split('plan:\n') ?? [];
    if (json === undefined) return;
    const { 'Query Text': text, Plan: plan } = Executed.parse(JSON.parse(json));
    heard.push({ text, plan });
  };
  const client = await database.connect();
  client.on('notice', hear);
  try {
    await explainingAll(client, () => client.query(text, values));
  } finally {
    client.off('notice', hear);
    client.release(true);
  }
  return heard;
}

async function explainingAll(client: PoolClient, run: () => Promise<unknown>): Promise<void> {
  await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0;
    set auto_explain.log_nested_statements = on; set auto_explain.log_format = json;
    set auto_explain.log_level = notice; begin`);
  await run();
  await client.query('rollback');
}
