import type { ParkedEffect } from '@doorbuster/contracts';
import { useId, useState } from 'preact/hooks';
import { count, timeOfDay } from '../kit/format.ts';
import { sentence } from '../kit/http.ts';
import { Link } from '../kit/router.tsx';
import { useList } from './use-list.ts';
import type { Operator } from './use-operator.ts';

interface SagasProps {
  parked: number;
  operator: Operator;
}

/** Orders whose compensation failed for good, and the two ways on. */
export function Sagas({ parked, operator }: SagasProps) {
  const canAsk = operator.standing === 'operator';
  const load = async () => (await operator.ask<{ items: ParkedEffect[] }>('/admin/sagas')).items;
  const { items = [], error, again } = useList(canAsk && parked > 0 ? load : undefined, String(parked));

  const settle = async (what: 'retry' | 'resolve', orderId: string, more: object) => {
    try {
      const body = { by: 'control room', why: `${what} from the control room`, ...more };
      await operator.ask(`/admin/sagas/${orderId}/${what}`, { method: 'POST', body });
      operator.say({ text: `Order ${orderId.slice(0, 8)}: ${what} asked for`, isBad: false });
    } catch (thrown) {
      operator.say({ text: sentence(thrown), isBad: true });
    }
    again();
  };

  return (
    <section class="panel" aria-labelledby="sagas-title">
      <h2 id="sagas-title">Parked sagas</h2>
      <p class="hint">
        {parked === 0
          ? 'None. Every compensation went through.'
          : parked === 1
            ? 'One waits for an operator.'
            : `${count(parked)} wait for an operator.`}
        {parked > 0 && !canAsk && ' The operator’s token shows them.'}
      </p>
      {error && (
        <p class="note bad" role="alert">
          {error}
        </p>
      )}
      {canAsk && parked > 0 && (
        <ul class="letters">
          {items.map((effect) => (
            <Parked key={effect.orderId + effect.type} effect={effect} settle={settle} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface ParkedProps {
  effect: ParkedEffect;
  settle(what: 'retry' | 'resolve', orderId: string, more: object): Promise<void>;
}

function Parked({ effect: { orderId, type, attempts, lastError, parkedAt }, settle }: ParkedProps) {
  const id = useId();
  const [pounds, setPounds] = useState('0.00');
  const cents = Math.round(Number(pounds) * 100);
  return (
    <li>
      <p>
        <b>{type}</b> of <Link href={`/orders/${orderId}`}>{orderId}</Link>
      </p>
      <p class="hint">
        parked at {timeOfDay(parkedAt)} after {attempts} tries: {lastError}
      </p>
      <div class="row-actions">
        <button
          type="button"
          class="small"
          aria-label={`Retry ${orderId}`}
          onClick={() => settle('retry', orderId, {})}
        >
          Retry
        </button>
        <label class="inline" for={id}>
          Refunded by other means, £
        </label>
        <input
          id={id}
          class="small"
          type="number"
          min="0"
          step="0.01"
          value={pounds}
          onInput={({ currentTarget }) => setPounds(currentTarget.value)}
        />
        <button
          type="button"
          class="small"
          aria-label={`Resolve ${orderId}`}
          disabled={!Number.isSafeInteger(cents) || cents < 0}
          onClick={() => settle('resolve', orderId, { refundedCents: cents })}
        >
          Resolve
        </button>
      </div>
    </li>
  );
}
