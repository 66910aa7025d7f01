// Where the checkout saga’s states stand on the paper. A test compares it with the saga’s own table, so that the
// picture is never of another saga.

export interface Place {
  x: number;
  y: number;
}

export interface Arrow {
  from: string;
  to: string;
  on: string;
  /** How far the arrow bows to its left, as a share of its length. */
  bow?: number;
}

export interface SagaMap {
  width: number;
  height: number;
  node: { width: number; height: number };
  places: Record<string, Place>;
  /** The bows of single arrows, by `from>to`. */
  bows: Record<string, number>;
  hasLabels: boolean;
}

/** Every way from one state into another, and what takes it. */
export const arrows: readonly Arrow[] = [
  { from: 'reserving', to: 'paying', on: 'StockReserved' },
  { from: 'reserving', to: 'cancelled', on: 'StockRejected' },
  { from: 'reserving', to: 'releasing', on: 'TimedOut' },
  { from: 'paying', to: 'confirmed', on: 'PaymentCaptured' },
  { from: 'paying', to: 'releasing', on: 'PaymentDeclined' },
  { from: 'paying', to: 'cancelling', on: 'TimedOut' },
  { from: 'confirmed', to: 'completed', on: 'StockCommitted' },
  { from: 'cancelling', to: 'closing', on: 'StockReleased' },
  { from: 'cancelling', to: 'releasing', on: 'PaymentClosed' },
  { from: 'releasing', to: 'cancelled', on: 'StockReleased' },
  { from: 'closing', to: 'cancelled', on: 'PaymentClosed' },
];

/** What each state waits for, in a customer’s words. */
export const meanings: Record<string, string> = {
  reserving: 'waits for the stock',
  paying: 'waits for the money',
  confirmed: 'paid; the stock leaves the shelf',
  completed: 'done',
  cancelling: 'both are given back',
  releasing: 'the stock is given back',
  closing: 'the money is given back',
  cancelled: 'nothing is held, nothing is owed',
};

/** The states of the way back. */
export const compensating: readonly string[] = ['cancelling', 'releasing', 'closing', 'cancelled'];

export const wide: SagaMap = {
  width: 1000,
  height: 330,
  node: { width: 148, height: 46 },
  places: {
    reserving: { x: 86, y: 40 },
    paying: { x: 362, y: 40 },
    confirmed: { x: 638, y: 40 },
    completed: { x: 914, y: 40 },
    releasing: { x: 224, y: 168 },
    cancelling: { x: 500, y: 168 },
    closing: { x: 776, y: 168 },
    cancelled: { x: 500, y: 290 },
  },
  bows: { 'reserving>cancelled': 0.5 },
  hasLabels: true,
};

export const tall: SagaMap = {
  width: 360,
  height: 400,
  node: { width: 108, height: 40 },
  places: {
    reserving: { x: 60, y: 34 },
    paying: { x: 60, y: 144 },
    confirmed: { x: 60, y: 254 },
    completed: { x: 60, y: 364 },
    releasing: { x: 226, y: 89 },
    cancelling: { x: 226, y: 181 },
    closing: { x: 226, y: 273 },
    cancelled: { x: 226, y: 364 },
  },
  bows: { 'reserving>cancelled': -1.12, 'releasing>cancelled': -0.5 },
  hasLabels: false,
};

/** Where a line from the middle of a box towards a point leaves the box. */
function edgeOf(at: Place, towards: Place, { width, height }: SagaMap['node'], gap: number): Place {
  const [dx, dy] = [towards.x - at.x, towards.y - at.y];
  const share = Math.min((width / 2 + gap) / Math.abs(dx || 1e-9), (height / 2 + gap) / Math.abs(dy || 1e-9));
  return { x: at.x + dx * share, y: at.y + dy * share };
}

/** An arrow as an SVG path, and where its label stands. */
export function drawArrow(map: SagaMap, { from, to }: Arrow): { d: string; label: Place } {
  const start = map.places[from] ?? { x: 0, y: 0 };
  const end = map.places[to] ?? { x: 0, y: 0 };
  const bow = map.bows[`${from}>${to}`] ?? 0;
  const middle = {
    x: (start.x + end.x) / 2 - (end.y - start.y) * bow,
    y: (start.y + end.y) / 2 + (end.x - start.x) * bow,
  };
  const a = edgeOf(start, bow === 0 ? end : middle, map.node, 2);
  const b = edgeOf(end, bow === 0 ? start : middle, map.node, 7);
  const write = ({ x, y }: Place) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  if (bow === 0) return { d: `M${write(a)}L${write(b)}`, label: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } };
  const label = { x: (a.x + 2 * middle.x + b.x) / 4, y: (a.y + 2 * middle.y + b.y) / 4 };
  return { d: `M${write(a)}Q${write(middle)} ${write(b)}`, label };
}
