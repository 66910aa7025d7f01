import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { pounds } from '../kit/format.ts';
import { sentence } from '../kit/http.ts';
import { go } from '../kit/router.tsx';
import { keep, recall, uuid } from '../kit/session.ts';
import { placeOrder } from './attempt.ts';
import { type Basket, totalOf } from './basket.ts';
import { cards } from './cards.ts';

/** One customer per tab. */
function customerId(): string {
  const id = recall<string>('customer') ?? `web-${uuid().slice(0, 8)}`;
  keep('customer', id);
  return id;
}

/** Asks for the address and the card, and places the order. */
export function Checkout({ basket }: { basket: Basket }) {
  const id = useId();
  const [email, setEmail] = useState(() => recall<string>('email') ?? 'ann@example.com');
  const [card, setCard] = useState<string>(cards[0].token);
  const [isSending, setSending] = useState(false);
  const [waiting, setWaiting] = useState<string>();
  const [error, setError] = useState<string>();
  const isGone = useRef(false);
  useEffect(
    () => () => {
      isGone.current = true;
    },
    [],
  );

  const waits = (forMs: number, why: string) => {
    setWaiting(`${why}. Trying again in ${Math.ceil(forMs / 1_000)} s; it stays one order.`);
    return new Promise<void>((resolve) => setTimeout(resolve, forMs));
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setSending(true);
    setError(undefined);
    keep('email', email);
    try {
      const lines = basket.lines.map(({ sku, quantity }) => ({ sku, quantity }));
      const order = await placeOrder({ customer: { id: customerId(), email }, card, lines }, waits);
      basket.clear();
      if (!isGone.current) go(`/orders/${order.id}`);
    } catch (thrown) {
      setError(sentence(thrown));
    } finally {
      setSending(false);
      setWaiting(undefined);
    }
  };

  return (
    <form class="checkout" aria-label="Checkout" onSubmit={submit}>
      <label for={`${id}email`}>E-mail</label>
      <input
        id={`${id}email`}
        type="email"
        autocomplete="email"
        required
        maxLength={254}
        value={email}
        onInput={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <label for={`${id}card`}>Card</label>
      <select id={`${id}card`} value={card} onChange={({ currentTarget }) => setCard(currentTarget.value)}>
        {cards.map(({ token, name }) => (
          <option key={token} value={token}>
            {name} · {token}
          </option>
        ))}
      </select>
      <p class="hint">A test card: {cards.find(({ token }) => token === card)?.note}.</p>
      <p class="total">
        <span>Total</span>
        <strong>{pounds(totalOf(basket.lines))}</strong>
      </p>
      <button type="submit" class="primary" disabled={isSending || basket.lines.length === 0}>
        {isSending ? 'Placing the order' : 'Place order'}
      </button>
      <div role="status">{waiting && <p class="note">{waiting}</p>}</div>
      {error && (
        <p class="note bad" role="alert">
          {error}
        </p>
      )}
    </form>
  );
}
