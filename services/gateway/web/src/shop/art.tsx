import type { Product } from '@doorbuster/contracts';
import { tileOf } from './tile.ts';

// A line drawing for each kind of thing that the shop’s own catalogue has, in a box of 64 by 64.
const drawings: Record<string, string> = {
  'Tea Mug':
    'M16 22h26v18a10 10 0 0 1-10 10h-6a10 10 0 0 1-10-10zM42 27h4a6 6 0 0 1 0 12h-4M24 16c0-4 4-4 4-8M32 16c0-4 4-4 4-8',
  'Wall Clock': 'M32 12a20 20 0 1 0 .01 0M32 20v12l8 6M32 15v1M32 48v1M15 32h1M48 32h1',
  'Throw Blanket': 'M14 18h36v24H14zM14 26h36M14 34h36M18 42v8M25 42v8M32 42v8M39 42v8M46 42v8',
  'Table Lamp': 'M24 12h16l8 20H16zM32 32v16M22 52h20M38 32v7',
  'Storage Basket': 'M12 26h40l-5 26H17zM20 26l6-14M44 26l-6-14M15 35h34M17 43h30M26 27l2 24M38 27l-2 24',
  'Serving Tray': 'M10 26h44l-5 18H15zM10 26c-5 0-5 8 1 8M54 26c5 0 5 8-1 8M18 26c0-9 10-14 14-14s14 5 14 14',
  'Pocket Notebook': 'M18 12h26a4 4 0 0 1 4 4v32a4 4 0 0 1-4 4H18zM18 12v40M25 12v40M31 22h11M31 29h8',
  'Photo Frame': 'M12 14h40v36H12zM18 20h28v24H18zM18 40l9-9 7 7 5-5 7 7M38 27a2.5 2.5 0 1 0 .01 0',
  Cushion: 'M14 16c8 3 28 3 36 0-3 8-3 24 0 32-8-3-28-3-36 0 3-8 3-24 0-32M32 30a2 2 0 1 0 .01 0',
  Candle: 'M24 28h16v24H24zM32 28v-4M32 24c-5-4-2-8 0-13 2 5 5 9 0 13M24 36c4 3 5-2 8 0s5 2 8-1M18 52h28',
};

/** A picture of a product: a drawing where there is one, a pattern of its own where there is none. */
export function Art({ product }: { product: Product }) {
  const tile = tileOf(product);
  const drawing = Object.entries(drawings).find(([kind]) => product.name.endsWith(kind))?.[1];
  return (
    <svg class="art" viewBox="0 0 64 64" aria-hidden="true" style={{ '--hue': tile.hue }}>
      <rect class="art-ground" width="64" height="64" />
      {drawing === undefined ? (
        <path class="art-pattern" d={tile.pattern} />
      ) : (
        <>
          <circle class="art-glow" cx="32" cy="33" r="25" />
          <path class="art-line" d={drawing} transform="translate(9.6 9.6) scale(.7)" />
        </>
      )}
    </svg>
  );
}
