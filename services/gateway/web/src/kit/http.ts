// What the shop answers, and what it means when it does not.

/** An answer that is no success, or none at all: `status` is 0 where nothing came. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** How long the server asks to wait, where it says so. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, message: string, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may succeed a little later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

export interface Ask {
  method?: 'GET' | 'POST';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** Longer than any limit of the door. */
const limitMs = 20_000;

/**
 * Asks for JSON. The page and the gateway are built together, so the shape is the contract’s and is not checked again.
 * @throws Refused
 */
export async function ask<Answer>(
  path: string,
  { method = 'GET', body, headers, signal }: Ask = {},
): Promise<Answer> {
  const limit = AbortSignal.timeout(limitMs);
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Refused(0, 'The shop does not answer');
  });
  if (!response.ok) throw await refusal(response);
  return response.status === 204 ? (undefined as Answer) : response.json();
}

interface ProblemDocument {
  title?: string;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
}

async function refusal(response: Response): Promise<Refused> {
  const problem: ProblemDocument = await response.json().catch(() => ({}));
  const more = problem.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
  const text = problem.detail ?? problem.title ?? `The shop answered ${response.status}`;
  const seconds = Number(response.headers.get('retry-after'));
  return new Refused(
    response.status,
    more === undefined ? text : `${text}: ${more}`,
    seconds > 0 ? seconds * 1_000 : undefined,
  );
}

/** The sentence to show for whatever was thrown. */
export const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
