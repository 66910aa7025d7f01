import type { LiveInvariant, LiveVerdict } from '@doorbuster/contracts';
import { timeOfDay } from '../kit/format.ts';

const ids = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8'];

interface VerdictProps {
  verdict: LiveVerdict | null;
  isAuditing: boolean;
}

/** Whether every penny and every item is accounted for, at this moment or for good. */
export function Verdict({ verdict, isAuditing }: VerdictProps) {
  const broken = verdict?.invariants.filter(({ holds }) => !holds).length ?? 0;
  return (
    <section
      class="panel verdict"
      aria-labelledby="verdict-title"
      data-testid="verdict"
      data-verdict={verdict?.verdict ?? 'pending'}
      data-final={verdict?.isFinal ?? false}
    >
      <header>
        <h2 id="verdict-title">The verdict</h2>
        <p class="stamp">{verdict?.verdict ?? 'pending'}</p>
        <p class="hint" role="status">
          {broken > 0 && `${broken} ${broken === 1 ? 'invariant is' : 'invariants are'} broken. `}
          {verdict === null
            ? 'Nobody has counted yet.'
            : verdict.isFinal
              ? 'Final: all is quiet, and everything was counted.'
              : isAuditing
                ? 'The auditor counts everything.'
                : 'Counted while orders are under way.'}
        </p>
        {verdict !== null && (
          <p class="hint time">
            {timeOfDay(verdict.at)}, {verdict.tookMs} ms
          </p>
        )}
      </header>
      <ul class="invariants" aria-label="Invariants">
        {verdict === null
          ? ids.map((id) => (
              <li key={id} class="invariant unknown">
                {id}
              </li>
            ))
          : verdict.invariants.map((invariant) => <Invariant key={invariant.id} {...invariant} />)}
      </ul>
    </section>
  );
}

const Invariant = ({ id, name, holds, evidence, findings }: LiveInvariant) => (
  <li class="invariant" data-testid={`verdict-${id}`} data-holds={holds}>
    <p class="invariant-name">
      <b>{id}</b>
      <span class="sign" role="img" aria-label={holds ? 'holds' : 'is broken'}>
        {holds ? '✓' : '✗'}
      </span>
      <span>{name}</span>
    </p>
    <p class="evidence">{evidence}</p>
    {findings.length > 0 && (
      <details>
        <summary>{findings.length} found</summary>
        <ul>
          {findings.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
        </ul>
      </details>
    )}
  </li>
);
