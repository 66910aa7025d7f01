import { z } from 'zod';

/** What a client sees when something is refused: RFC 9457, "Problem Details for HTTP APIs". */
export const ProblemDocument = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().describe('What is wrong, in a sentence'),
  errors: z
    .array(z.object({ pointer: z.string().describe('JSON Pointer into the body'), detail: z.string() }))
    .optional()
    .describe('Each field that is wrong, up to 20 of them'),
});

/** The headers that an answer may be said to have. */
export const answerHeaders = {
  Location: { description: 'The address of the order', schema: z.string() },
  'Idempotent-Replayed': {
    description: '`true` where this is the first answer once more',
    schema: z.literal('true'),
  },
  'Retry-After': { description: 'Seconds after which it is worth asking again', schema: z.int().min(0) },
  ETag: { description: 'The version of the catalogue, for `If-None-Match`', schema: z.string() },
  RateLimit: {
    description: 'What is left to this client (`r`), and in how many seconds there is more (`t`)',
    schema: z.string(),
  },
  'RateLimit-Policy': {
    description: 'How much it may ask for at once (`q`), and in how many seconds that comes back (`w`)',
    schema: z.string(),
  },
  'WWW-Authenticate': { description: 'How to show who asks', schema: z.literal('Bearer') },
} as const;
export type AnswerHeader = keyof typeof answerHeaders;

/** One possible answer of an operation. */
export interface Answer {
  description: string;
  /** The media type and what the body is; an answer without a body has none. */
  content?: { type: string; schema: z.ZodType };
  /** Whoever would rather have `text/html` gets a page instead. */
  orPage?: true;
  /** What the data of each event is, by its name, where the answer is a stream of them. */
  events?: Record<string, z.ZodType>;
  headers?: readonly AnswerHeader[];
  /** Headers that are not always there. */
  maybe?: readonly AnswerHeader[];
}

/** One thing that the gateway does: a method on a path, everything that goes in and everything that may come out. */
export interface Operation {
  method: 'get' | 'post';
  /** As in OpenAPI: `/orders/{id}`. */
  path: string;
  id: string;
  tag: string;
  summary: string;
  description?: string;
  /** What stands in the path, behind the question mark and in the headers, each under its name. */
  inPath?: Record<string, z.ZodType>;
  query?: Record<string, z.ZodType>;
  headers?: Record<string, z.ZodType>;
  body?: z.ZodType;
  example?: unknown;
  answers: Record<number, Answer>;
  /** True where the operator's token is asked for. */
  forOperators?: boolean;
}

/** An answer that is JSON. */
export const json = (
  description: string,
  schema: z.ZodType,
  headers: readonly AnswerHeader[] = [],
): Answer => ({
  description,
  content: { type: 'application/json', schema },
  headers,
});

/** An answer that says no. */
export const problem = (description: string, headers: readonly AnswerHeader[] = []): Answer => ({
  description,
  content: { type: 'application/problem+json', schema: ProblemDocument },
  headers,
});

/** What whoever asks too often is told. */
export const tooOften = problem('This client asks too often', [
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
]);

/** What may become of any request that the gateway hands on. */
export const handedOn = {
  502: problem('The service broke off; a POST may have been done, and may be repeated with its key', [
    'Retry-After',
  ]),
  503: problem('No instance that could answer is to be found', ['Retry-After']),
  504: problem('The service behind the door did not answer in time', ['Retry-After']),
};

/** What a body may be refused for before anybody looks into it. */
export const withBody = {
  400: problem('Not JSON'),
  413: problem('The body is larger than 262,144 bytes'),
  415: problem('Not `application/json`, or a charset that nobody knows'),
};
