import { useEffect, useRef } from 'preact/hooks';
import { count, pounds } from '../kit/format.ts';
import { type Basket, type BasketLine, itemsIn, QUANTITY_MAX } from './basket.ts';
import { Checkout } from './checkout.tsx';

interface BasketDrawerProps {
  basket: Basket;
  isOpen: boolean;
  close(): void;
}

/** The basket and the checkout, over the window. */
export function BasketDrawer({ basket, isOpen, close }: BasketDrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const items = itemsIn(basket.lines);
  return (
    // Esc closes a dialog by itself; the click is for whoever points beside it.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog
      ref={dialog}
      class="drawer"
      aria-labelledby="basket-title"
      onClose={close}
      onClick={({ target }) => target === dialog.current && close()}
    >
      {isOpen && (
        <div class="drawer-in">
          <header>
            <h2 id="basket-title">Your basket</h2>
            <button type="button" class="quiet" onClick={close} aria-label="Close the basket">
              ✕
            </button>
          </header>
          {items === 0 ? (
            <p class="empty">Nothing is in it yet.</p>
          ) : (
            <>
              <ul class="lines" aria-label={`${count(items)} items`}>
                {basket.lines.map((line) => (
                  <Line key={line.sku} line={line} set={(quantity) => basket.set(line, quantity)} />
                ))}
              </ul>
              <Checkout basket={basket} />
            </>
          )}
        </div>
      )}
    </dialog>
  );
}

const Line = ({ line, set }: { line: BasketLine; set(quantity: number): void }) => (
  <li>
    <span class="line-name">{line.name}</span>
    <span class="stepper">
      <button type="button" onClick={() => set(line.quantity - 1)} aria-label={`One less ${line.name}`}>
        −
      </button>
      <output aria-label={`${line.name}, quantity`}>{line.quantity}</output>
      <button
        type="button"
        onClick={() => set(line.quantity + 1)}
        disabled={line.quantity >= QUANTITY_MAX}
        aria-label={`One more ${line.name}`}
      >
        +
      </button>
    </span>
    <span class="line-price">{pounds(line.quantity * line.priceCents)}</span>
  </li>
);
