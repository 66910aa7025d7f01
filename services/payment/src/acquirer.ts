import { type EffectHandler, NotThere } from '@doorbuster/pipeline';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { Answer } from './payment.ts';

const Charge = z.discriminatedUnion('state', [
  z.object({ state: z.literal('captured'), amountCents: z.int() }),
  z.object({ state: z.literal('declined'), reason: z.string().max(200) }),
]);
const Closed = z.object({ capturedCents: z.int(), refundedCents: z.int() });
const CaptureData = z.object({ amountCents: z.int(), currency: z.string(), card: z.string() });

interface AcquirerOptions {
  /** Base address of the acquirer's API. */
  url: string;
  /** How long one call may take, asked for at each. A slow card answers within it, or is asked about later. */
  timeoutMs(): number;
}

/**
 * The effects that call the acquirer. A call that ends without an answer may have arrived all the same, so from the
 * second attempt on the charge is looked up by its key before it is asked for again.
 */
export function acquirerEffects({ url, timeoutMs }: AcquirerOptions): Record<string, EffectHandler<Answer>> {
  // The signal bounds each call as a whole, its body too. The agent's own limits could not follow the setting.
  const dispatcher = new Agent({ connections: 64, headersTimeout: 0, bodyTimeout: 0 });

  async function call(method: 'GET' | 'POST', path: string, key: string, body?: object): Promise<unknown> {
    const { statusCode, body: answer } = await request(`${url}${path}`, {
      method,
      dispatcher,
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs()),
    }).catch((error) => {
      throw error?.code === 'ECONNREFUSED' ? new NotThere(String(error)) : error;
    });
    if (statusCode === 404 && method === 'GET') {
      await answer.dump();
      return undefined;
    }
    const json = await answer.json();
    if (statusCode >= 300)
      throw new Error(`The acquirer answered ${statusCode}: ${JSON.stringify(json).slice(0, 200)}`);
    return json;
  }

  return {
    'acquirer.capture': {
      attemptsMax: 8,
      exhausted: { kind: 'unknown' },
      async call({ key, orderId, data, attempt }) {
        const before =
          attempt > 1 ? await call('GET', `/charges/${encodeURIComponent(key)}`, key) : undefined;
        const charge =
          before ?? (await call('POST', '/charges', key, { orderId, ...CaptureData.parse(data) }));
        return toAnswer(Charge.parse(charge));
      },
    },
    'acquirer.close': {
      attemptsMax: 6,
      async call({ key, orderId }) {
        return { kind: 'closed', ...Closed.parse(await call('POST', `/orders/${orderId}/close`, key, {})) };
      },
    },
  };
}

const toAnswer = (charge: z.infer<typeof Charge>): Answer =>
  charge.state === 'captured'
    ? { kind: 'captured', amountCents: charge.amountCents }
    : { kind: 'declined', reason: charge.reason };
