// The world outside: a card network that is not ours.

/** How a card behaves; the test cards of the docs. */
export interface Card {
  /** Why it is declined, where it is. */
  declined?: string;
  /** How long after the charge is booked its answer comes. */
  answerAfterMs?: number;
  /** The charge is booked, and the answer never comes. */
  losesAnswer?: boolean;
  /** How long after the charge nobody can tell what became of it. */
  unknownForMs?: number;
  /** What it took it does not give back. */
  refundFails?: boolean;
}

const cards: Record<string, Card> = {
  tok_ok: {},
  tok_declined: { declined: 'insufficient funds' },
  tok_slow: { answerAfterMs: 3_000 },
  tok_lost: { losesAnswer: true },
  tok_late: { losesAnswer: true, unknownForMs: 12_000 },
  tok_refund_fails: { losesAnswer: true, unknownForMs: 12_000, refundFails: true },
};

/** The card of a token. A token that nobody issued is declined. */
export function cardOf(token: string): Card {
  return Object.hasOwn(cards, token) ? (cards[token] ?? {}) : { declined: 'unknown card' };
}
