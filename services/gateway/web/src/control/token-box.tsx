import { useState } from 'preact/hooks';
import type { Operator } from './use-operator.ts';

/** Says who may press the buttons, and takes the token of whoever may. */
export function TokenBox({ operator }: { operator: Operator }) {
  const [token, setToken] = useState('');
  if (operator.standing === 'operator') {
    return (
      <p class="hint signed">
        You hold the operator’s token.{' '}
        <button type="button" class="link" onClick={() => operator.identify(undefined)}>
          Put it away
        </button>
      </p>
    );
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    operator.identify(token.trim() || undefined);
    setToken('');
  };
  return (
    <form class="token" aria-label="Operator’s token" onSubmit={submit}>
      <p>
        <strong>Read-only.</strong> The buttons need the operator’s token: open the address that{' '}
        <code>npm start</code> or <code>npm run demo</code> prints, or paste the token here that{' '}
        <code>npm run token</code> or <code>docker compose run --rm token</code> makes.
      </p>
      <label>
        <span>Operator’s token</span>
        <input
          type="password"
          autocomplete="off"
          value={token}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={token.trim() === ''}>
        Use it
      </button>
    </form>
  );
}
