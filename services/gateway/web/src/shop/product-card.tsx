import type { Product } from '@doorbuster/contracts';
import { pounds } from '../kit/format.ts';
import { Art } from './art.tsx';

interface ProductCardProps {
  product: Product;
  inBasket: number;
  add(): void;
}

export const ProductCard = ({ product, inBasket, add }: ProductCardProps) => (
  <li class="product">
    <Art product={product} />
    <h2>{product.name}</h2>
    <p class="price">{pounds(product.priceCents)}</p>
    <button type="button" class="add" onClick={add} aria-label={`Add ${product.name} to basket`}>
      <span aria-hidden="true">{inBasket > 0 ? inBasket : 'Add'}</span>
      <span aria-hidden="true" class="plus">
        +
      </span>
    </button>
  </li>
);
