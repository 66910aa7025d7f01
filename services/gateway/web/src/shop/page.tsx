import { useState } from 'preact/hooks';
import { count } from '../kit/format.ts';
import { Shell } from '../kit/shell.tsx';
import { useTitle } from '../kit/title.ts';
import { itemsIn, useBasket } from './basket.ts';
import { BasketDrawer } from './basket-drawer.tsx';
import { ProductCard } from './product-card.tsx';
import { useProducts } from './use-products.ts';

/** The shop window: what is sold, and the way to an order. */
export function ShopPage() {
  useTitle('Shop');
  const [words, setWords] = useState('');
  const [isOpen, setOpen] = useState(false);
  const basket = useBasket();
  const { items, error, more } = useProducts(words.trim());
  const inBasket = itemsIn(basket.lines);

  return (
    <Shell
      aside={
        <button type="button" class="basket-button" onClick={() => setOpen(true)} aria-label="Basket">
          <BasketIcon />
          <span class="badge" data-count={count(inBasket)} data-empty={inBasket === 0} />
        </button>
      }
    >
      <div class="shop">
        <section class="hero">
          <div>
            <h1>The doors are open</h1>
            <p>
              Order something and watch it happen: every message, every penny, every item. Nothing here is for
              sale; the cards are test cards.
            </p>
          </div>
          <search>
            <input
              type="search"
              aria-label="Search products"
              placeholder="Search products"
              autocomplete="off"
              spellcheck={false}
              maxLength={64}
              value={words}
              onInput={({ currentTarget }) => setWords(currentTarget.value)}
            />
          </search>
        </section>
        {error && (
          <p class="note bad" role="alert">
            {error}. Trying again.
          </p>
        )}
        <p class="visually-hidden" role="status">
          {items !== undefined && words !== '' && `${items.length}${more ? ' or more' : ''} products match`}
          {inBasket > 0 && words === '' && `${inBasket} in the basket`}
        </p>
        {items === undefined && !error && <Loading />}
        {items?.length === 0 && <p class="empty">Nothing is called “{words}”. Try a shorter word.</p>}
        <ul class="products" aria-label="Products">
          {items?.map((product) => (
            <ProductCard
              key={product.sku}
              product={product}
              inBasket={basket.quantityOf(product.sku)}
              add={() => basket.add(product)}
            />
          ))}
        </ul>
        {more && (
          <p class="show-more">
            <button type="button" onClick={more}>
              Show more
            </button>
          </p>
        )}
      </div>
      <BasketDrawer basket={basket} isOpen={isOpen} close={() => setOpen(false)} />
    </Shell>
  );
}

/** As much room as the first products will take, so that nothing jumps when they come. */
const Loading = () => (
  <ul class="products" aria-hidden="true">
    {Array.from({ length: 10 }, (_, n) => (
      // Ten of the same, which never change places.
      <li key={n} class="product skeleton" />
    ))}
  </ul>
);

const BasketIcon = () => (
  <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" class="icon">
    <path d="M3 9h18l-2 11H5zM8 9l3-6M16 9l-3-6" />
  </svg>
);
