// The world outside: a mail server that is not ours, with books of its own, so that nobody takes our word.
import { Problem, resource, runService, ServiceConfig } from '@doorbuster/service';
import { Router } from 'express';
import { z } from 'zod';
import { openBooks } from './books.ts';
import { serveSmtp } from './smtp.ts';

const Config = z.object({
  ...ServiceConfig.shape,
  SMTP_PORT: z.coerce.number().int().min(0).max(65_535),
  /** Where the mails are written down, a line of JSON each. */
  BOOKS_FILE: z.string(),
});

const Page = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  order: z.string().max(64).optional(),
});

await runService({
  name: 'mailbox',
  config: Config,
  async start({ config: { HOST, SMTP_PORT, BOOKS_FILE } }) {
    const books = await openBooks(BOOKS_FILE);
    const smtp = await serveSmtp(HOST, SMTP_PORT, books);
    const routes = Router();
    resource(routes, '/messages', {
      get: [
        (req, res) => {
          const page = Page.safeParse(req.query);
          if (!page.success)
            throw new Problem(400, '`limit` is 1 to 1000, `after` a sequence number, `order` an id');
          const { after, limit, order } = page.data;
          const items = books.page(after, limit, order);
          res.json({ items, next: items.length === limit ? items.at(-1)?.sequence : null });
        },
      ],
    });
    return {
      routes,
      async close() {
        await new Promise<void>((resolve) => smtp.close(resolve));
        await books.close();
      },
    };
  },
});
