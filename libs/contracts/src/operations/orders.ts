import { z } from 'zod';
import { OrderMails, OrderMessages, TraceView } from '../control.ts';
import { AcceptedOrder, OrderEnd, OrderEvent, OrderView, PlaceOrderBody } from '../http.ts';
import { IdempotencyKey, OrderId } from '../values.ts';
import { handedOn, json, type Operation, problem, withBody } from './operation.ts';

const tag = 'Orders';
const id = OrderId.describe('The order, as the answer to its placing named it');

/** Placing orders, looking at them, and following them. */
export const orderOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/orders',
    id: 'placeOrder',
    tag,
    summary: 'Places an order',
    description:
      'The order is accepted when it is written down, which is before anything is reserved or paid for. Prices are the ' +
      'catalogue’s. A line per SKU. Asked again with the same key, customer and body the first answer comes again; ' +
      'with the same key and another body it is 422. Refusals are not kept: a corrected order may use its key again.',
    headers: {
      'Idempotency-Key': IdempotencyKey.describe('Any text of the client’s own, one per order and customer'),
    },
    body: PlaceOrderBody,
    example: {
      customer: { id: 'ann', email: 'ann@example.com' },
      card: 'tok_ok',
      lines: [{ sku: 'DB-1000', quantity: 2 }],
    },
    answers: {
      202: { ...json('Accepted', AcceptedOrder, ['Location']), maybe: ['Idempotent-Replayed'] },
      ...withBody,
      400: problem('Not JSON, or no `Idempotency-Key`'),
      422: problem('Not an order, not in the catalogue, or a key that was used for another order'),
      429: {
        ...problem('Too many orders are open, or too many of one customer came', ['Retry-After']),
        maybe: ['RateLimit', 'RateLimit-Policy'],
      },
      ...handedOn,
      503: problem('The shop lags behind, or it is not known whether the order was taken', ['Retry-After']),
    },
  },
  {
    method: 'get',
    path: '/orders/{id}',
    id: 'showOrder',
    tag,
    summary: 'Shows an order and its whole history',
    inPath: { id },
    answers: {
      200: { ...json('The order', OrderView), orPage: true },
      404: problem('There is no such order'),
      ...handedOn,
    },
  },
  {
    method: 'get',
    path: '/orders/{id}/events',
    id: 'followOrder',
    tag,
    summary: 'Follows an order as it happens',
    description:
      'Server-sent events. `order` comes once for each version of the order, from the first one on or from the one ' +
      'after `Last-Event-ID`; its `id` is the version. `end` comes last, when the order will not change any more, and ' +
      'closes the stream. A stream may end before that; an EventSource connects again by itself and misses nothing.',
    inPath: { id },
    headers: {
      'Last-Event-ID': z
        .string()
        .regex(/^\d{1,9}$/)
        .describe('The version of the last event that was seen')
        .optional(),
    },
    answers: {
      200: {
        description: 'Events; the data of each is JSON',
        content: { type: 'text/event-stream', schema: z.string() },
        events: { order: OrderEvent, end: OrderEnd },
      },
      204: { description: 'Everything has been seen, and the order will not change any more' },
      400: problem('`Last-Event-ID` is no version of this order'),
      404: problem('There is no such order'),
      ...handedOn,
      503: problem('Too many orders are followed here, or no instance is to be found', ['Retry-After']),
    },
  },
  {
    method: 'get',
    path: '/orders/{id}/messages',
    id: 'listMessages',
    tag,
    summary: 'Lists the messages about an order as they stand in Kafka',
    description:
      'Who said what, in the order in which it was decided; a message that was sent twice may be there twice. The card ' +
      'and the e-mail address are left out. Few may read at once, and a reading has limits: it may miss what came long ' +
      'after the order.',
    inPath: { id },
    answers: {
      200: json('The messages', OrderMessages),
      404: problem('There is no such order'),
      ...handedOn,
      503: problem('Others are reading, or Kafka does not answer', ['Retry-After']),
    },
  },
  {
    method: 'get',
    path: '/orders/{id}/trace',
    id: 'showTrace',
    tag,
    summary: 'Shows the trace of an order',
    inPath: { id },
    answers: {
      200: json('Its spans, in the order of their beginnings', TraceView),
      404: problem('There is no such order, or no trace of it, or not yet'),
      ...handedOn,
    },
  },
  {
    method: 'get',
    path: '/orders/{id}/mails',
    id: 'listMails',
    tag,
    summary: 'Lists what lies in the mailbox about an order',
    inPath: { id },
    answers: {
      200: json('The mails', OrderMails),
      404: problem('There is no such order, or no mailbox'),
      ...handedOn,
    },
  },
];
