import { z } from 'zod';

/**
 * A contract that also reads what an older version wrote, and makes it what it is today, so that nobody behind it
 * knows of more than one form. The current form is tried first: a message of today pays nothing for those of
 * yesterday. So that no older one is taken for it, the current form must require a field that the older has not.
 */
export function readsAlso<Current extends z.ZodType, Older extends z.ZodType>(
  current: Current,
  older: Older,
  upcast: (data: z.output<Older>) => z.input<Current>,
) {
  // The compiler does not know that what `current` takes is no promise.
  const taken = current as z.ZodType<z.output<Current>, Awaited<z.input<Current>>>;
  return z.union([current, older.transform(upcast).pipe(taken)]);
}
