import type { ControlSnapshot } from '@doorbuster/contracts';
import { useRef } from 'preact/hooks';
import { count } from '../kit/format.ts';

/** What sells fastest, and how much of it is left of the most that was seen. */
export function HotStock({ stock }: { stock: ControlSnapshot['hotStock'] }) {
  const most = useRef(new Map<string, number>());
  for (const { sku, onHand } of stock) most.current.set(sku, Math.max(most.current.get(sku) ?? 1, onHand));
  return (
    <section class="panel" aria-labelledby="hot-title">
      <h2 id="hot-title">Hot stock</h2>
      {stock.length === 0 ? (
        <p class="hint">Nothing is sold much at the moment.</p>
      ) : (
        <ul class="hot">
          {stock.map(({ sku, name, onHand }) => (
            <li key={sku} data-empty={onHand === 0}>
              <span class="hot-name">{name}</span>
              <span class="hot-left">{onHand === 0 ? 'sold out' : count(onHand)}</span>
              <span class="meter" aria-hidden="true">
                <span style={{ width: `${(100 * onHand) / (most.current.get(sku) ?? 1)}%` }} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
