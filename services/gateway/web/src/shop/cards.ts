/** The test cards of docs/test-cards.md, in the words of a customer. */
export const cards = [
  { token: 'tok_ok', name: 'Good card', note: 'charged at once; the order is confirmed' },
  { token: 'tok_declined', name: 'Declined card', note: 'no money in it; the stock is given back' },
  { token: 'tok_slow', name: 'Slow card', note: 'answers after 3 s' },
  { token: 'tok_lost', name: 'Lost answer', note: 'charged, but the answer is lost; it is looked up' },
  { token: 'tok_late', name: 'Too late', note: 'times out; the order is cancelled and refunded' },
  {
    token: 'tok_refund_fails',
    name: 'Refund fails',
    note: 'times out, and the refund waits for an operator',
  },
] as const;
