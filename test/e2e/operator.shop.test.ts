import { DeadLetterDetail, Replayed } from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import { audit } from '../audit/audit.ts';
import { ShopInfo, sourcesOf } from '../audit/sources.ts';
import {
  acceptStockReserved,
  breakReserveStock,
  mendAfterEach,
  refuseStockReserved,
} from '../support/bugs.ts';
import { run } from '../support/command.ts';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { admin, letterOf, signed } from '../support/operator.ts';
import { shop } from '../support/servers.ts';

const customer = newCustomer();

mendAfterEach();

describe('When a message is poisonous', () => {
  test('under load, then it is parked, seen, edited and sent again, and the order is confirmed', async () => {
    await breakReserveStock(4_242);
    const crowd = Array.from({ length: 40 }, () =>
      customer.place('tok_ok', [{ sku: 'DB-1030', quantity: 1 }]),
    );
    const { id } = await customer.place('tok_ok', [{ sku: 'DB-1031', quantity: 4_242 }]);
    const letter = await letterOf('inventory', id);
    expect(letter).toMatchObject({ type: 'ReserveStock', reason: 'against the contract', replayedAt: null });

    const lines = [{ sku: 'DB-1031', quantity: 4_242 }];
    const edit = { type: 'ReserveStock', data: { orderId: id, lines }, ...signed };
    const path = `/inventory/dead-letters/${letter.id}`;
    const asItWas = await admin('/inventory/dead-letters/replay', { ids: [letter.id], ...signed });
    expect(await asItWas.json()).toMatchObject({ results: [{ id: letter.id, result: 'impossible' }] });
    const wrong = await admin(`${path}/edit`, { ...edit, data: { orderId: id, lines: [] } });
    expect(wrong.status).toBe(422);
    const sent = await Promise.all(
      [1, 2, 3].map(async () => Replayed.parse(await (await admin(`${path}/edit`, edit)).json())),
    );
    const messageId = `${id}/inventory/dead-letter/${letter.id}`;
    expect(sent).toContainEqual({ id: letter.id, result: 'sent', messageId });
    expect(sent.filter(({ result }) => result === 'replayed before')).toHaveLength(2);

    expect(await customer.ended(id)).toMatchObject({ status: 'confirmed' });
    for (const order of await Promise.all(crowd)) await customer.ended(order.id);
    const detail = DeadLetterDetail.parse(await (await admin(path)).json());
    expect(Buffer.from(detail.value, 'base64').toString()).toContain('"4242 pieces"');
    expect(detail).toMatchObject({ replayedBy: 'ann', replayWhy: 'a test', replayedAs: messageId });
    const again = await admin('/inventory/dead-letters/replay', { ids: [letter.id], ...signed });
    expect(await again.json()).toEqual({ results: [{ id: letter.id, result: 'replayed before' }] });
    const actions = await (await admin('/inventory/actions')).json();
    expect(actions).toHaveProperty(
      'items',
      expect.arrayContaining([
        { at: detail.replayedAt, action: 'edit dead letter', subject: String(letter.id), ...signed },
      ]),
    );
    expect((await audit(sourcesOf(ShopInfo.parse(shop())))).verdict).toBe('PASS');
  });

  test('and replayed after the end of its order, then nothing changes and the shop says so', async () => {
    await refuseStockReserved(31);
    const { id } = await customer.place('tok_ok', [{ sku: 'DB-1032', quantity: 31 }]);
    const { id: letter } = await letterOf('order', id);
    await acceptStockReserved();
    const ended = await customer.ended(id);
    expect(ended).toMatchObject({ status: 'cancelled', reason: 'stock-timed-out' });

    const list = await run('dead-letters', 'list', 'order');
    expect(list).toMatchObject({ code: 0, output: expect.stringContaining(id) });
    const replayed = await run('dead-letters', 'replay', 'order', String(letter), '--why', 'mended');
    expect(replayed.output).toBe(
      `dead letter ${letter}: replayed, and nothing changed: the order is cancelled\n`,
    );
    const twice = await run('dead-letters', 'replay', 'order', String(letter), '--why', 'mended');
    expect(twice.output).toBe(`dead letter ${letter}: was replayed before, nothing changed\n`);
    const { version, timeline } = await customer.look(id);
    expect(version).toBe(ended.version);
    expect(timeline.at(-1)).toMatchObject({
      received: 'StockReserved',
      ignored: 'the order is cancelled',
      note: expect.stringMatching(/^replayed by .+: mended$/),
    });
  });
});

describe('When a refund fails for good', () => {
  test('then its order is listed, an operator resolves it by hand, and the timeline tells it', async () => {
    const { id, totalCents } = await customer.place('tok_refund_fails', [{ sku: 'DB-1033', quantity: 2 }]);
    await eventually('the refund is parked', async () => (await run('sagas', 'list')).output.includes(id));
    const path = `/sagas/${id}/resolve`;
    const tooMuch = await admin(path, { refundedCents: totalCents + 1, ...signed });
    expect(tooMuch.status).toBe(422);
    expect(await customer.look(id)).toMatchObject({ status: 'open', state: 'closing' });

    const cents = String(totalCents);
    const resolve = () => run('sagas', 'resolve', id, '--refunded-cents', cents, '--why', 'bank transfer');
    expect(await resolve()).toMatchObject({ code: 0 });
    const ended = await customer.ended(id);
    expect(ended).toMatchObject({ status: 'cancelled', refundedCents: totalCents });
    expect(ended.timeline.find(({ received }) => received === 'PaymentClosed')?.note).toMatch(
      /^given back by hand, by .+: bank transfer$/,
    );
    expect(await resolve()).toMatchObject({ code: 2, complaint: expect.stringMatching(/is not parked/) });
    const report = await audit(sourcesOf(ShopInfo.parse(shop())));
    expect(report.verdict).toBe('PASS');
    // Other tests share this shop and settle orders of their own.
    const settled = report.resolvedByHand.filter(({ orderId }) => orderId === id);
    expect(settled).toMatchObject([{ refundedCents: totalCents, why: 'bank transfer' }]);
  });
});

describe('When somebody without the token asks', () => {
  const paths = ['/order/dead-letters', '/payment/actions', '/sagas', '/nothing', ''];

  test.each(paths)('for /admin%s, then the answer is 401 and nothing else is said', async (path) => {
    for (const authorization of ['', 'Bearer wrong', 'Basic b3A6b3A=', `bearer${shop().operatorToken}`]) {
      const response = await admin(path, undefined, authorization);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject({ title: 'Unauthorized' });
    }
  });

  test('a service past the door, then it is refused there too', async () => {
    const found = await fetch(`${shop().consul}/v1/health/service/payment?passing=true`);
    const [{ Service }] = (await found.json()) as [{ Service: { Address: string; Port: number } }];
    const response = await fetch(`http://${Service.Address}:${Service.Port}/admin/sagas`);
    expect(response.status).toBe(401);
  });
});
