import { userInfo } from 'node:os';
import { issueToken, readSigningKey } from '@doorbuster/operator';
import { z } from 'zod';
import { findShop } from './find-shop.ts';
import { SetupError } from './setup-error.ts';

/** What an operator needs to know of a shop; a file with only this in it will do for `--info`. */
const Door = z.object({
  gateway: z.url(),
  /** Will do for as long as it is good. */
  operatorToken: z.string().min(1).optional(),
  /** Where it is known, every call makes a token of its own, however long ago the shop was started. */
  operatorSigningKey: z.string().min(1).optional(),
});

const tokenMinutes = 5;

const Refusal = z.object({
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

const answerLimitMs = 20_000;

/** Sends an operator's requests through the gateway. */
export interface OperatorDoor {
  /** @throws SetupError with what the shop has against the request */
  get<T extends z.ZodType>(path: string, answer: T): Promise<z.infer<T>>;
  /** @throws SetupError with what the shop has against the request */
  post<T extends z.ZodType>(path: string, body: object, answer: T): Promise<z.infer<T>>;
}

/** The way into the running shop that this file tells of, or into the newest that is up. */
export async function openOperatorDoor(infoFile: string | undefined): Promise<OperatorDoor> {
  const { gateway, operatorSigningKey: key, operatorToken: given } = await findShop(Door, infoFile);
  const options = { name: userInfo().username, minutes: tokenMinutes };
  const token = key === undefined ? given : await issueToken(readSigningKey(key), options);
  if (token === undefined)
    throw new SetupError(`Nothing is known of the shop at ${gateway} that makes you its operator.`);

  async function call(path: string, body?: object): Promise<unknown> {
    const response = await fetch(new URL(path, gateway), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(answerLimitMs),
    }).catch((cause) => {
      throw new SetupError(`The shop at ${gateway} did not answer; ask again.`, { cause });
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new SetupError(complaintIn(text) ?? `The shop answered ${response.status}.`);
  }

  return {
    get: async (path, answer) => answer.parse(await call(path)),
    post: async (path, body, answer) => answer.parse(await call(path, body)),
  };
}

function complaintIn(text: string): string | undefined {
  try {
    const { detail, errors = [] } = Refusal.parse(JSON.parse(text));
    return [`${detail}.`, ...errors.map((error) => `  ${error.pointer}: ${error.detail}`)].join('\n');
  } catch {
    return undefined;
  }
}
