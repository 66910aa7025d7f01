import type { ControlSnapshot } from '@doorbuster/contracts';
import { count, duration, rate } from '../kit/format.ts';

/** What it came to so far. */
export function Totals({ now }: { now: ControlSnapshot | undefined }) {
  const reasons = Object.entries(now?.cancelReasons ?? {})
    .filter(([, n]) => n > 0)
    .map(([reason, n]) => `${count(n)} ${reason.replaceAll('-', ' ')}`)
    .join(', ');
  const perS = (value: number | undefined) => (value === undefined ? '–' : `${rate(value)}/s`);
  return (
    <dl class="totals">
      <Total name="accepted" value={now?.totals.accepted} more={perS(now?.acceptedPerS)} />
      <Total name="confirmed" value={now?.totals.confirmed} more={perS(now?.confirmedPerS)} />
      <Total name="cancelled" value={now?.totals.cancelled} more={reasons || perS(now?.cancelledPerS)} />
      <Total name="shed" value={now?.totals.shed} more={perS(now?.shedPerS)} />
      <div class="tile">
        <dt>To confirmed, p99</dt>
        <dd>{now?.confirmMs ? duration(now.confirmMs.p99) : '–'}</dd>
        <dd class="tile-more">p50 {now?.confirmMs ? duration(now.confirmMs.p50) : '–'}</dd>
      </div>
      <div class="tile">
        <dt>Duplicates stopped</dt>
        <dd data-testid="duplicates-stopped" data-value={now?.duplicatesStopped}>
          {now === undefined ? '–' : count(now.duplicatesStopped)}
        </dd>
        <dd class="tile-more">{now === undefined ? '–' : `${count(now.openOrders)} orders open`}</dd>
      </div>
    </dl>
  );
}

const Total = ({ name, value, more }: { name: string; value: number | undefined; more: string }) => (
  <div class="tile">
    <dt>{name}</dt>
    <dd data-testid={`total-${name}`} data-value={value}>
      {value === undefined ? '–' : count(value)}
    </dd>
    <dd class="tile-more" title={more}>
      {more}
    </dd>
  </div>
);
