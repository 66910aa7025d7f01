import { z } from 'zod';

const Sample = z.object({
  metric: z.record(z.string(), z.string()),
  value: z.tuple([z.number(), z.string()]).transform(([, value]) => Number(value)),
});
export type Sample = z.infer<typeof Sample>;

const Answer = z.object({ data: z.object({ result: z.array(Sample) }) });

/** The instant vector of an expression, as it is now. @throws when Prometheus refuses the expression */
export async function query(prometheus: string, expression: string): Promise<Sample[]> {
  const url = `${prometheus}/api/v1/query?${new URLSearchParams({ query: expression })}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${expression}: ${await response.text()}`);
  return Answer.parse(await response.json()).data.result;
}

/** The values that a label has in the answer to an expression. */
export async function labelsOf(prometheus: string, expression: string, label: string): Promise<string[]> {
  const samples = await query(prometheus, expression);
  return [...new Set(samples.flatMap(({ metric }) => metric[label] ?? []))].sort();
}
