import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Answer } from './client.ts';
import type { ClientOrder } from './orders.ts';

/** Keeps what clients were told: the auditor's evidence of what was promised. */
export interface History {
  /** The order leaves. A client that dies before its answer has asked all the same. */
  begin(order: ClientOrder): void;
  add(order: ClientOrder, answer: Answer): void;
  /** Resolves when every line is in the file. */
  close(): Promise<void>;
}

/** Writes the history to a file, one JSON object a line. */
export async function writeHistory(file: string): Promise<History> {
  const out = createWriteStream(file, { flags: 'a' });
  await once(out, 'open');
  const write = ({ key, customerId }: ClientOrder, answer: Omit<Answer, 'outcome'> & { outcome: string }) => {
    const { orderId, status, replayed, outcome } = answer;
    const at = new Date().toISOString();
    out.write(`${JSON.stringify({ key, customerId, orderId, status, replayed, at, outcome })}\n`);
  };
  return {
    begin: (order) => write(order, { orderId: null, status: null, replayed: false, outcome: 'invoked' }),
    add: write,
    async close() {
      out.end();
      await finished(out);
    },
  };
}
