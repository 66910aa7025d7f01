import { randomUUID } from 'node:crypto';
import { AcceptedOrder, OrderView, ProductPage } from '@doorbuster/contracts';
import { eventually } from './eventually.ts';
import { shop } from './servers.ts';

export interface Line {
  sku: string;
  quantity: number;
}

/** A customer of this test file's own, so that files do not meet. */
export function newCustomer(gateway = shop().gateway) {
  const id = randomUUID();
  const customer = { id, email: `${id}@example.com` };
  return {
    ...customer,
    order: (card: string, lines: Line[]) => ({ customer, card, lines }),

    /** Posts anything, as it is. */
    async post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return fetch(`${gateway}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
        body: text,
      });
    },

    /** Places an order that must be accepted. */
    async place(card: string, lines: Line[], headers: Record<string, string> = {}): Promise<AcceptedOrder> {
      const response = await this.post(this.order(card, lines), headers);
      if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
      return AcceptedOrder.parse(await response.json());
    },

    async look(orderId: string): Promise<OrderView> {
      const response = await fetch(`${gateway}/orders/${orderId}`);
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      return OrderView.parse(await response.json());
    },

    /** Waits until the order's saga is over. */
    async ended(orderId: string, limitMs = 90_000): Promise<OrderView> {
      return eventually(
        `order ${orderId} is completed or cancelled`,
        async () => {
          // While something is killed the door may answer 503 or nothing; the next look tells.
          const view = await this.look(orderId).catch(() => undefined);
          return view !== undefined && (view.state === 'completed' || view.state === 'cancelled') && view;
        },
        limitMs,
      );
    },
  };
}

/** Some products that are sold, from a place in the catalogue that only this test file uses. */
export async function products(after: string, limit: number, gateway = shop().gateway) {
  const response = await fetch(`${gateway}/products?${new URLSearchParams({ after, limit: String(limit) })}`);
  return ProductPage.parse(await response.json()).items;
}

/** How many of a product can be had. */
export async function available(sku: string, gateway = shop().gateway): Promise<number> {
  const response = await fetch(`${gateway}/stock/${encodeURIComponent(sku)}`);
  const { available: count } = (await response.json()) as { available: number };
  return count;
}
