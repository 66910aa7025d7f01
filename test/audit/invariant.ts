import type { Books } from './books.ts';

/** One thing that is not as it must be. */
export interface Finding {
  /** What it is about, an order or a SKU; a finding counts when a later reading says the same of the same subject. */
  subject: string;
  /** One line with the amounts, for a person. */
  text: string;
}

/** What one invariant says about the books. */
export interface Judgement {
  /** The numbers on which it rests. */
  evidence: string;
  findings: Finding[];
}

export interface Invariant {
  id: string;
  name: string;
  /** Pure: the books say it all. */
  judge(books: Books): Judgement;
}
