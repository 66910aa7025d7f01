// The world outside: a mail server that is not ours.
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const Entry = z.object({
  sequence: z.int(),
  messageId: z.string(),
  recipient: z.string(),
  subject: z.string(),
  orderId: z.string(),
  at: z.string(),
});
/** One mail that was taken. */
export type Entry = z.infer<typeof Entry>;

export interface Books {
  /** Writes a mail down; resolves when it is in the file. */
  enter(mail: Omit<Entry, 'sequence'>): Promise<void>;
  /** The mails after a sequence number, oldest first; only those about an order where one is named. */
  page(after: number, limit: number, orderId?: string): Entry[];
  close(): Promise<void>;
}

/** Opens the books, a line of JSON per mail. What a crash cut off in the middle of a line was never acknowledged. */
export async function openBooks(file: string): Promise<Books> {
  const entries = existsSync(file) ? await read(file) : [];
  const byOrder = Map.groupBy(entries, ({ orderId }) => orderId);
  const out = createWriteStream(file, { flags: 'a' });
  await once(out, 'open');
  // A line that was cut off is ended, so that the next one does not continue it.
  if (entries.length > 0) out.write('\n');
  return {
    async enter(mail) {
      const entry = { sequence: (entries.at(-1)?.sequence ?? 0) + 1, ...mail };
      entries.push(entry);
      byOrder.set(entry.orderId, [...(byOrder.get(entry.orderId) ?? []), entry]);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      out.write(`${JSON.stringify(entry)}\n`, (error) => (error ? reject(error) : resolve()));
      await promise;
    },
    page(after, limit, orderId) {
      const all = orderId === undefined ? entries : (byOrder.get(orderId) ?? []);
      const from = all.findIndex(({ sequence }) => sequence > after);
      return from === -1 ? [] : all.slice(from, from + limit);
    },
    async close() {
      out.end();
      await once(out, 'close');
    },
  };
}

async function read(file: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const entry = Entry.safeParse(parse(line));
    if (entry.success) entries.push(entry.data);
  }
  return entries;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
