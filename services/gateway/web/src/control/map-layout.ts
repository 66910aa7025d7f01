// Where everything stands on the map: wide for a screen, tall for a phone.

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  width: number;
  height: number;
  boxes: Record<string, Box>;
  /** Where those stand that nobody has drawn a place for. */
  rest: { y: number; from: number; step: number; width: number; height: number };
}

const box = (x: number, y: number, width = 146, height = 68): Box => ({ x, y, width, height });

export const wide: Layout = {
  width: 1000,
  height: 350,
  boxes: {
    customers: box(62, 145, 104, 40),
    gateway: box(232, 145),
    order: box(430, 145),
    kafka: box(590, 145, 60, 262),
    inventory: box(750, 45),
    payment: box(750, 145),
    notification: box(750, 245),
    acquirer: box(931, 145, 122, 48),
    mailbox: box(931, 245, 122, 48),
  },
  rest: { y: 320, from: 232, step: 150, width: 132, height: 40 },
};

export const tall: Layout = {
  width: 372,
  height: 570,
  boxes: {
    customers: box(186, 22, 110, 34),
    gateway: box(186, 98, 130),
    order: box(186, 196, 130),
    kafka: box(186, 278, 364, 40),
    inventory: box(63, 368, 116),
    payment: box(186, 368, 116),
    notification: box(309, 368, 116),
    acquirer: box(186, 456, 116, 46),
    mailbox: box(309, 456, 116, 46),
  },
  rest: { y: 534, from: 63, step: 123, width: 112, height: 40 },
};

/** The place of each of these, known or not. */
export function placesOf(names: readonly string[], layout: Layout): Map<string, Box> {
  const { y, from, step, width, height } = layout.rest;
  const places = new Map<string, Box>();
  let others = 0;
  for (const name of names) {
    places.set(name, layout.boxes[name] ?? { x: from + step * others++, y, width, height });
  }
  return places;
}

/** Room for the tip of an arrow, which comes after the end of its line. */
const tipPx = 11;

/** A line from one box to another; the two directions bow apart, so that both are seen. */
export function lineBetween(from: Box, to: Box): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const aside = 7;
  const shift = { x: (-dy / length) * aside, y: (dx / length) * aside };
  const start = edgeOf(from, dx, dy, 3);
  const end = edgeOf(to, -dx, -dy, tipPx);
  const write = (x: number, y: number) => `${(x + shift.x).toFixed(1)} ${(y + shift.y).toFixed(1)}`;
  return `M${write(start.x, start.y)}L${write(end.x, end.y)}`;
}

/** The point so far from a box at which a line leaves it. */
function edgeOf({ x, y, width, height }: Box, dx: number, dy: number, away: number) {
  const [right, down] = [width / 2 + away, height / 2 + away];
  const share = Math.min(right / Math.abs(dx || 1e-9), down / Math.abs(dy || 1e-9));
  return { x: x + dx * share, y: y + dy * share };
}

/** How thick the stream of messages is, from 1 to 4; 0 where there is none. */
export function streamOf(perS: number): number {
  if (perS < 0.05) return 0;
  if (perS < 3) return 1;
  if (perS < 30) return 2;
  return perS < 300 ? 3 : 4;
}
