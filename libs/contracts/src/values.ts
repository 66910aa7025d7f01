import { z } from 'zod';

/**
 * The small values that messages and HTTP bodies are made of. PostgreSQL refuses U+0000 and lone surrogates
 * in text, so the contracts refuse them first: bad input must fail at the border, not inside a batch.
 */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Text that may be stored, or looked for among what is stored. */
export const storable = (maxLength: number) =>
  z.string().max(maxLength).refine(isStorable, 'must not contain U+0000 or lone surrogates');

const text = (maxLength: number) => storable(maxLength).min(1);

/** UUIDv7: it sorts by time of creation, which keeps index pages of new orders together. */
export const OrderId = z.uuidv7().describe('UUIDv7');
export type OrderId = string;

export const Sku = text(64);

/** One currency, so that amounts can be added without asking. */
export const CURRENCY = 'GBP';
export const Currency = z.literal(CURRENCY);

/** Money in integer pence; the limit keeps the sum of 1,200 lines a safe integer. */
export const Cents = z.int().min(0).max(1_000_000_000_000_000).describe('Pence');

export const Quantity = z.int().min(1).max(100_000);

/** The most lines that one order may have. */
export const LINES_MAX = 1_200;

export const Line = z.object({ sku: Sku, quantity: Quantity });
export type Line = z.infer<typeof Line>;

export const PricedLine = Line.extend({ priceCents: Cents });
export type PricedLine = z.infer<typeof PricedLine>;

export const Lines = z.array(Line).min(1).max(LINES_MAX);

export const Customer = z.object({ id: text(64), email: z.email().max(254) });
export type Customer = z.infer<typeof Customer>;

/** A token that stands for a card; the number itself never enters the shop. */
export const CardToken = text(64).describe('A token that stands for a card; no card number');

/** Why an order was cancelled. */
export const CancelReason = z.enum(['out-of-stock', 'card-declined', 'stock-timed-out', 'payment-timed-out']);
export type CancelReason = z.infer<typeof CancelReason>;

/** The visible key that scopes idempotency, as of the IETF's Idempotency-Key draft. */
export const IdempotencyKey = text(128);

/** Who does something by hand, and why: it is asked for with everything that an operator changes, and kept. */
export const Operator = z.object({ by: text(64), why: text(500) });
export type Operator = z.infer<typeof Operator>;
