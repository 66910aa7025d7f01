import { z } from 'zod';
import { messageTypes } from './registry.ts';
import { Cents, Operator, OrderId, storable } from './values.ts';

/** Which dead letters are asked for; what is not named does not matter. */
export const DeadLetterQuery = z.object({
  type: storable(128).optional(),
  reason: storable(128).optional(),
  /** Only those that nobody has replayed. */
  open: z.stringbool().default(false),
  /** The id of the last letter of the page before. */
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

const Moment = z.iso.datetime();

/** A message that a service could not handle. */
export const DeadLetter = z.object({
  id: z.int(),
  topic: z.string(),
  partition: z.int(),
  offset: z.int(),
  messageId: z.string().nullable(),
  type: z.string().nullable(),
  key: z.string(),
  reason: z.string(),
  detail: z.string(),
  /** How often it came. */
  count: z.int(),
  firstAt: Moment,
  lastAt: Moment,
  replayedAt: Moment.nullable(),
  replayedBy: z.string().nullable(),
  replayWhy: z.string().nullable(),
  /** The id of the new message, where it was edited. */
  replayedAs: z.string().nullable(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

export const DeadLetterPage = z.object({ items: z.array(DeadLetter), next: z.int().nullable() });
export type DeadLetterPage = z.infer<typeof DeadLetterPage>;

/** One letter with what came: every header, and the original bytes in base64. */
export const DeadLetterDetail = DeadLetter.extend({
  headers: z.record(z.string(), z.string()),
  value: z.base64(),
});
export type DeadLetterDetail = z.infer<typeof DeadLetterDetail>;

/** Sends dead letters through the pipeline again, each exactly once. */
export const ReplayBody = Operator.extend({ ids: z.array(z.int().min(1)).min(1).max(100) });

/** Sends another message in a letter's place. */
export const EditBody = Operator.extend({
  type: z.enum(messageTypes),
  data: z.unknown(),
});

/** What came of a letter. A replay after the order's end is `ignored`, and says why. */
export const Replayed = z.discriminatedUnion('result', [
  z.object({ id: z.int(), result: z.literal('decided') }),
  z.object({ id: z.int(), result: z.literal('sent'), messageId: z.string() }),
  z.object({ id: z.int(), result: z.literal('ignored'), why: z.string() }),
  z.object({ id: z.int(), result: z.literal('replayed before') }),
  z.object({ id: z.int(), result: z.literal('impossible'), why: z.string() }),
]);
export type Replayed = z.infer<typeof Replayed>;

/** A call to the outside world that failed as often as it may, and waits for an operator. */
export const ParkedEffect = z.object({
  orderId: OrderId,
  type: z.string(),
  attempts: z.int(),
  lastError: z.string().nullable(),
  decidedAt: Moment,
  parkedAt: Moment,
});
export type ParkedEffect = z.infer<typeof ParkedEffect>;

/** Says that money was given back by other means than the acquirer, which would not do it. */
export const ResolveBody = Operator.extend({ refundedCents: Cents });

/** What an operator did. */
export const OperatorAction = Operator.extend({
  at: Moment,
  action: z.string(),
  /** What it was done to: an order's id, or a dead letter's. */
  subject: z.string(),
});
export type OperatorAction = z.infer<typeof OperatorAction>;
