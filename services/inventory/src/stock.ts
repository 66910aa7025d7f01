import type { Data, Line, Message } from '@doorbuster/contracts';
import type { Decision, Input } from '@doorbuster/pipeline';

/** How many of a SKU there are, and where. */
export interface Count {
  readonly onHand: number;
  readonly reserved: number;
  readonly sold: number;
}

/** What an order holds, and the counts that it touches. */
export interface Reservation {
  readonly state: 'none' | 'reserved' | 'rejected' | 'released' | 'committed';
  readonly version: number;
  readonly lines: readonly Line[];
  readonly short: Data<'StockRejected'>['short'];
  /** In: the counts of the batch's SKUs, without those that are not stocked. Out: the counts that changed. */
  readonly stock: ReadonlyMap<string, Count>;
}

/** Decides what becomes of an order's stock. Pure. */
export function decide(reservation: Reservation, { key, type, ...input }: Input): Decision<Reservation> {
  if (input.kind !== 'message') throw new Error(`Inventory does not know what to do with ${type}`);
  const { message } = input;
  switch (message.type) {
    case 'ReserveStock':
      return reserve(reservation, message.data);
    case 'ReleaseStock':
      return release(reservation, key);
    case 'OrderConfirmed':
      return commit(reservation, key);
    default:
      throw new Error(`Inventory does not know what to do with ${message.type}`);
  }
}

/** All lines or none: an order that is short of one SKU holds nothing of the others. */
function reserve(reservation: Reservation, { orderId, lines }: Data<'ReserveStock'>): Decision<Reservation> {
  if (reservation.state !== 'none') return again(reservation, orderId);
  const short = lines.flatMap(({ sku, quantity }) => {
    const available = reservation.stock.get(sku)?.onHand ?? 0;
    return available < quantity ? [{ sku, requested: quantity, available }] : [];
  });
  const isShort = short.length > 0;
  const state: Reservation = {
    state: isShort ? 'rejected' : 'reserved',
    version: reservation.version + 1,
    lines,
    short,
    stock: isShort ? reservation.stock : move(reservation, lines, 'onHand', 'reserved'),
  };
  return { state, messages: [answer(state, orderId)] };
}

/** Gives back what is held. Where nothing is held yet this leaves a tombstone, and a late reservation is refused. */
function release(reservation: Reservation, orderId: string): Decision<Reservation> {
  if (reservation.state === 'released') return again(reservation, orderId);
  if (reservation.state === 'committed') throw new Error(`Order ${orderId} is confirmed; its stock is sold`);
  const isHeld = reservation.state === 'reserved';
  const state: Reservation = {
    ...reservation,
    state: 'released',
    version: reservation.version + 1,
    stock: isHeld ? move(reservation, reservation.lines, 'reserved', 'onHand') : reservation.stock,
  };
  return { state, messages: [answer(state, orderId)] };
}

function commit(reservation: Reservation, orderId: string): Decision<Reservation> {
  if (reservation.state === 'committed') return again(reservation, orderId);
  if (reservation.state !== 'reserved')
    throw new Error(`Order ${orderId} is confirmed, but its stock is not reserved`);
  const state: Reservation = {
    ...reservation,
    state: 'committed',
    version: reservation.version + 1,
    stock: move(reservation, reservation.lines, 'reserved', 'sold'),
  };
  return { state, messages: [answer(state, orderId)] };
}

/** Asked again, inventory answers again: with the same message id, so that it is recognised where it was heard. */
const again = (state: Reservation, orderId: string): Decision<Reservation> => ({
  state,
  messages: [answer(state, orderId)],
  duplicate: true,
  ignored: `the stock is ${state.state} already`,
});

function answer({ state, short }: Reservation, orderId: string): Message {
  switch (state) {
    case 'reserved':
      return { type: 'StockReserved', data: { orderId } };
    case 'rejected':
      return { type: 'StockRejected', data: { orderId, short: [...short] } };
    case 'released':
      return { type: 'StockReleased', data: { orderId } };
    case 'committed':
      return { type: 'StockCommitted', data: { orderId } };
    case 'none':
      throw new Error(`There is nothing to say about order ${orderId}`);
  }
}

/** Moves the lines' quantities from one place to another, in memory; gives the counts that changed. */
function move(
  { stock }: Reservation,
  lines: readonly Line[],
  from: keyof Count,
  to: keyof Count,
): ReadonlyMap<string, Count> {
  return new Map(
    lines.map(({ sku, quantity }) => {
      const count = stock.get(sku);
      if (count === undefined) throw new Error(`${sku} is not stocked`);
      return [sku, { ...count, [from]: count[from] - quantity, [to]: count[to] + quantity }];
    }),
  );
}
