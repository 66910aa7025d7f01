import { z } from 'zod';

export interface MailboxBooks {
  /** By Message-ID: whose order it is about, and how many copies came. */
  mails: Map<string, { orderId: string | null; copies: number }>;
}

const Page = z.object({
  items: z.array(z.object({ messageId: z.string(), orderId: z.string().nullable() })),
  next: z.int().nullable(),
});

/** Reads the mail server's books, which are not ours. */
export async function readMailbox(url: string): Promise<MailboxBooks> {
  const mails: MailboxBooks['mails'] = new Map();
  let after: number | null = 0;
  while (after !== null) {
    const response = await fetch(new URL(`/messages?after=${after}&limit=1000`, url), {
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`The mailbox answers ${response.status}`);
    const page: z.infer<typeof Page> = Page.parse(await response.json());
    for (const { messageId, orderId } of page.items) {
      const mail = mails.get(messageId);
      if (mail === undefined) mails.set(messageId, { orderId, copies: 1 });
      else mail.copies++;
    }
    after = page.next;
  }
  return { mails };
}
