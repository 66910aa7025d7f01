import { DeadLetterPage } from '@doorbuster/contracts';
import { eventually } from './eventually.ts';
import { shop } from './servers.ts';

/** Who does things by hand in the tests. */
export const signed = { by: 'ann', why: 'a test' };

/** Asks under /admin as the operator, or as whoever holds the given token. */
export async function admin(
  path: string,
  body?: unknown,
  authorization: string | undefined = `Bearer ${shop().operatorToken}`,
): Promise<Response> {
  return fetch(`${shop().gateway}/admin${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

/** The dead letter of an order at a service, once it is there. */
export const letterOf = (service: string, orderId: string) =>
  eventually(`${service} has a dead letter of order ${orderId}`, async () => {
    const response = await admin(`/${service}/dead-letters?limit=500`);
    const { items } = DeadLetterPage.parse(await response.json());
    return items.find(({ key }) => key === orderId);
  });
