import { createGather, type EffectHandler, NotThere } from '@doorbuster/pipeline';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Answer } from './payment.ts';

const CaptureData = z.object({ amountCents: z.int(), currency: z.string(), card: z.string() });

interface Charge extends z.infer<typeof CaptureData> {
  kind: 'charge';
  weight: 1;
  key: string;
  orderId: string;
}

/**
 * The same effects as those of `acquirer.ts`, for an acquirer that is a library and not a network: it writes its books
 * itself, into a database of its own. It has no answers to lose, so nothing is looked up before it is asked again:
 * the books know a key that they have seen. Charges that come while others are written go in together.
 */
export function inProcessAcquirerEffects(books: Pool): Record<string, EffectHandler<Answer>> {
  const charges = createGather<Charge, Answer>((batch) => charge(books, batch).catch(toNotThere));
  return {
    'acquirer.capture': {
      attemptsMax: 8,
      exhausted: { kind: 'unknown' },
      call: ({ key, orderId, data }) =>
        charges.push({ kind: 'charge', weight: 1, key, orderId, ...CaptureData.parse(data) }),
    },
    'acquirer.close': {
      attemptsMax: 6,
      call: ({ orderId }) => close(books, orderId).catch(toNotThere),
    },
  };
}

function toNotThere(error: { code?: string }): never {
  throw error.code === 'ECONNREFUSED' ? new NotThere(String(error)) : error;
}

interface ChargeRow {
  key: string;
  state: 'captured' | 'declined';
  amountCents: number;
  reason: string | null;
}

async function charge(books: Pool, batch: Charge[]): Promise<Answer[]> {
  const { rows } = await books.query<ChargeRow>({
    name: 'charges',
    text: `select key, state, amount_cents as "amountCents", reason
           from charge($1::text[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[])`,
    values: [
      batch.map(({ key }) => key),
      batch.map(({ orderId }) => orderId),
      batch.map(({ amountCents }) => amountCents),
      batch.map(({ currency }) => currency),
      batch.map(({ card }) => card),
      batch.map(({ card }) => declines(card)),
    ],
  });
  const charged = new Map(rows.map((row) => [row.key, toAnswer(row)]));
  return batch.map(({ key }) => charged.get(key) ?? { kind: 'unknown' });
}

/** Why a test card is declined. Those that are slow or lose their answers have nothing here to be slow or lost. */
function declines(card: string): string | null {
  if (card === 'tok_declined') return 'insufficient funds';
  return card.startsWith('tok_') ? null : 'unknown card';
}

const toAnswer = ({ state, amountCents, reason }: ChargeRow): Answer =>
  state === 'captured'
    ? { kind: 'captured', amountCents }
    : { kind: 'declined', reason: reason ?? 'declined' };

async function close(books: Pool, orderId: string): Promise<Answer> {
  const { rows } = await books.query<{ capturedCents: number; refundedCents: number }>({
    name: 'close',
    text: `select captured_cents as "capturedCents", refunded_cents as "refundedCents" from close_order($1)`,
    values: [orderId],
  });
  const [closure] = rows;
  if (closure === undefined) throw new Error(`The acquirer did not close order ${orderId}`);
  return { kind: 'closed', ...closure };
}
