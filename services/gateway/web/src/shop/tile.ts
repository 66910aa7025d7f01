/** The hues of the adjectives in the shop’s own catalogue, in degrees. */
const hues: Record<string, number> = {
  Amber: 70,
  Cobalt: 265,
  Copper: 45,
  Coral: 25,
  Frosted: 225,
  Harbour: 240,
  Ivory: 95,
  Juniper: 155,
  Linen: 85,
  Marble: 290,
  Meadow: 135,
  Midnight: 275,
  Pewter: 250,
  Rustic: 40,
  Saffron: 80,
  Slate: 235,
  Velvet: 345,
  Walnut: 55,
  Willow: 125,
  Woven: 65,
};

/** FNV-1a: the same text gives the same number everywhere. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A product’s hue, and a pattern of quarter circles for one that nobody has drawn. */
export function tileOf({ sku, name }: { sku: string; name: string }): { hue: number; pattern: string } {
  const hash = hashOf(sku);
  const hue = hues[name.split(' ')[0] ?? ''] ?? hash % 360;
  let pattern = '';
  for (let n = 0; n < 16; n++) {
    const [x, y] = [(n % 4) * 16, Math.floor(n / 4) * 16];
    pattern +=
      (hash >>> n) & 1
        ? `M${x} ${y + 8}a8 8 0 0 0 8-8M${x + 8} ${y + 16}a8 8 0 0 1 8-8`
        : `M${x + 8} ${y}a8 8 0 0 0 8 8M${x} ${y + 8}a8 8 0 0 1 8 8`;
  }
  return { hue, pattern };
}
