/** An answer stands so many times as long as it took, so that asking takes no more than a hundredth of the time. */
const standsFactor = 100;
/** Exporters come every 5 s, and each time for something new. */
const standsMaxMs = 4_000;

/**
 * Asks a question that costs others something, such as a database, seldom enough to be a small part of what they do: it
 * takes longer where they have much to do, and then its answer stands for longer, up to 4 s. Who asks meanwhile gets the
 * same, and while an answer is under way that one. What failed is asked again by the next.
 */
export function seldom<Answer>(
  ask: () => Promise<Answer>,
  now: () => number = () => performance.now(),
): () => Promise<Answer> {
  let last: { answer: Promise<Answer>; untilMs: number } | undefined;
  return () => {
    if (last !== undefined && now() < last.untilMs) return last.answer;
    const beganAtMs = now();
    const asked = { answer: ask(), untilMs: Number.POSITIVE_INFINITY };
    last = asked;
    asked.answer.then(
      () => {
        asked.untilMs = now() + Math.min(standsMaxMs, standsFactor * (now() - beganAtMs));
      },
      () => {
        asked.untilMs = now();
      },
    );
    return asked.answer;
  };
}
