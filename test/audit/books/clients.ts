import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** What a client asked for, or the answer that it got, or did not get. A time-out is unknown, never failed. */
export const ClientAnswer = z.object({
  key: z.string(),
  customerId: z.string(),
  orderId: z.string().nullable(),
  status: z.int().nullable(),
  replayed: z.boolean(),
  at: z.string(),
  outcome: z.enum(['invoked', 'ok', 'shed', 'rejected', 'unknown']),
});
export type ClientAnswer = z.infer<typeof ClientAnswer>;

export interface ClientHistory {
  /** The answers of 2xx, which are promises. */
  accepted: Pick<ClientAnswer, 'key' | 'customerId' | 'orderId' | 'replayed'>[];
  shed: number;
  rejected: number;
  unknown: number;
}

/** Reads what the clients were told, one JSON object a line; null where nobody wrote it down. */
export async function readClients(file: string): Promise<ClientHistory | null> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const history: ClientHistory = { accepted: [], shed: 0, rejected: 0, unknown: 0 };
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { key, customerId, orderId, replayed, outcome } = ClientAnswer.parse(JSON.parse(line));
    if (outcome === 'ok') history.accepted.push({ key, customerId, orderId, replayed });
    else if (outcome !== 'invoked') history[outcome]++;
  }
  return history;
}
