import { OrderId, type OrderMails, OrderView, readJaegerTrace, type TraceView } from '@doorbuster/contracts';
import { Problem } from '@doorbuster/service';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { OtherStatus, toProblem } from '../outcome.ts';
import type { Proxy as Door } from '../proxy.ts';
import type { Asked, Asker } from './ask.ts';

export interface OrderViewsOptions {
  asker: Asker;
  ask: Door['ask'];
  /** Where Jaeger is asked, and where a browser finds it. */
  jaeger: { url: string; page: string } | undefined;
  mailbox: string | undefined;
}

export interface OrderViews {
  showTrace: RequestHandler;
  listMails: RequestHandler;
}

const orderMs = 3_000;
const outsideMs = 5_000;
const mailsMax = 20;

/** What others know about an order: its trace in Jaeger, and its mails in the mailbox. */
export function createOrderViews({ asker, ask, jaeger, mailbox }: OrderViewsOptions): OrderViews {
  async function readOrder(id: string): Promise<OrderView> {
    const order = ask('order', `/orders/${id}`, AbortSignal.timeout(orderMs)).catch((error) => {
      throw error instanceof OtherStatus && error.status === 404 ? noOrder() : toProblem(error, 'order');
    });
    return OrderView.parse(await order);
  }

  const askOutside = (name: string, url: string): Promise<Asked> =>
    asker.ask(url, { limitMs: outsideMs }).catch(() => {
      throw new Problem(502, `${name} does not answer`, { headers: { 'Retry-After': '1' } });
    });

  return {
    async showTrace(req, res) {
      const id = idOf(req.params['id']);
      if (jaeger === undefined) throw new Problem(404, 'There is no Jaeger here, so there are no traces');
      const { timeline } = await readOrder(id);
      const traceId = timeline.find((entry) => entry.traceId !== null)?.traceId ?? undefined;
      if (traceId === undefined) throw new Problem(404, 'The order was not traced');
      const { status, body } = await askOutside('Jaeger', `${jaeger.url}/api/traces/${traceId}`);
      const spans = status === 200 ? readJaegerTrace(body, traceId) : [];
      if (spans.length === 0) throw new Problem(404, 'Jaeger does not have the trace, or not yet');
      const view: TraceView = { traceId, link: `${jaeger.page}/trace/${traceId}`, spans };
      res.set('Cache-Control', 'no-store').json(view);
    },
    async listMails(req, res) {
      const id = idOf(req.params['id']);
      if (mailbox === undefined) throw new Problem(404, 'There is no mailbox here');
      await readOrder(id);
      const { body } = await askOutside('The mailbox', `${mailbox}/messages?order=${id}&limit=${mailsMax}`);
      const { items } = Mails.parse(body);
      res.set('Cache-Control', 'no-store').json({ items } satisfies OrderMails);
    },
  };
}

const noOrder = (): Problem => new Problem(404, 'There is no such order');

function idOf(text: unknown): string {
  const id = OrderId.safeParse(text);
  if (!id.success) throw noOrder();
  return id.data;
}

const Mails = z.object({
  items: z.array(z.object({ messageId: z.string(), subject: z.string(), at: z.string() })),
});
