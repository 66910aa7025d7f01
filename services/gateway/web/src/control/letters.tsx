import type { DeadLetter, DeadLetterPage, Replayed } from '@doorbuster/contracts';
import { count, timeOfDay } from '../kit/format.ts';
import { sentence } from '../kit/http.ts';
import { useList } from './use-list.ts';
import type { Operator } from './use-operator.ts';

interface LettersProps {
  /** Not yet replayed, by service. */
  counts: Record<string, number>;
  operator: Operator;
}

type Letter = DeadLetter & { service: string };

const perService = 20;
/** Whoever presses the button here is known only as that. */
const signature = { by: 'control room', why: 'replayed from the control room' };

function outcome(replayed: Replayed | undefined): string {
  if (replayed === undefined) return 'nothing came of it';
  return 'why' in replayed ? `${replayed.result}: ${replayed.why}` : replayed.result;
}

/** Messages that a service could not handle, and what was done about them. */
export function Letters({ counts, operator }: LettersProps) {
  const open = Object.entries(counts).filter(([, n]) => n > 0);
  const canAsk = operator.standing === 'operator';
  const load = async (): Promise<Letter[]> => {
    const pages = await Promise.all(
      open.map(async ([service]) => {
        const path = `/admin/${service}/dead-letters?open=true&limit=${perService}`;
        const { items } = await operator.ask<DeadLetterPage>(path);
        return items.map((letter) => ({ ...letter, service }));
      }),
    );
    return pages.flat();
  };
  const { items = [], error, again } = useList(canAsk ? load : undefined, JSON.stringify(open));
  const shown = items.filter(({ service }) => (counts[service] ?? 0) > 0);

  const replay = async ({ service, id }: Letter) => {
    try {
      const path = `/admin/${service}/dead-letters/replay`;
      const body = { ...signature, ids: [id] };
      const { results } = await operator.ask<{ results: Replayed[] }>(path, { method: 'POST', body });
      operator.say({ text: `Letter ${id} of ${service}: ${outcome(results[0])}`, isBad: false });
    } catch (thrown) {
      operator.say({ text: sentence(thrown), isBad: true });
    }
    again();
  };

  return (
    <section class="panel" aria-labelledby="letters-title">
      <h2 id="letters-title">Dead letters</h2>
      {open.length === 0 ? (
        <p class="hint">None. Every message was understood.</p>
      ) : (
        <p class="hint">
          {open.map(([service, n]) => `${service} ${count(n)}`).join(', ')}
          {!canAsk && '. The operator’s token shows them'}
        </p>
      )}
      {error && (
        <p class="note bad" role="alert">
          {error}
        </p>
      )}
      {canAsk && shown.length > 0 && (
        <ul class="letters">
          {shown.map((letter) => (
            <li key={`${letter.service} ${letter.id}`}>
              <p>
                <b>{letter.type ?? 'no type'}</b> at {letter.service}{' '}
                <span class="chip">{letter.reason}</span>
              </p>
              <p class="hint">
                {timeOfDay(letter.lastAt)}
                {letter.count > 1 && `, came ${letter.count} times`}. {letter.detail}
              </p>
              <button
                type="button"
                class="small"
                aria-label={`Replay ${letter.service} ${letter.id}`}
                onClick={() => replay(letter)}
              >
                Replay
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
