export interface RetryBudget {
  /** A request came, and with it a tenth of a retry. */
  earn(): void;
  /** Takes a retry out, if there is one. */
  take(): boolean;
  /** Retries that could be made now. */
  left(): number;
}

const requestsPerRetry = 10;
/** What the budget starts with, so that the first request of a quiet shop can be tried again, too. */
const reserve = 10;
/** What is saved up at most: it covers an instance that dies with so many requests under way. */
const savedMax = 50;

/**
 * Retries are at most a tenth of the requests, plus a reserve of 10: retries <= requests / 10 + 10 since the start,
 * and requests / 10 + 50 over any stretch. When a service fails everything, retries multiply the load just when it can
 * bear least; with a budget they stop by themselves, and come back as requests succeed to need none.
 * A refused connection pays as well, although nothing was sent: the sum is what has to be bounded.
 * Sources: RetryBudget in Finagle; retry budgets in Envoy; "Site Reliability Engineering", 2016, chapter 21.
 */
export function createRetryBudget(): RetryBudget {
  // Counted in tenths, which are whole numbers.
  let tenths = reserve * requestsPerRetry;
  return {
    earn() {
      tenths = Math.min(tenths + 1, savedMax * requestsPerRetry);
    },
    take() {
      if (tenths < requestsPerRetry) return false;
      tenths -= requestsPerRetry;
      return true;
    },
    left: () => Math.floor(tenths / requestsPerRetry),
  };
}
