import { ConnectionState } from '../kit/connection.tsx';
import { Shell } from '../kit/shell.tsx';
import { useTitle } from '../kit/title.ts';
import { Actions } from './actions.tsx';
import { OrdersChart, SmallCharts } from './charts.tsx';
import { HotStock } from './hot-stock.tsx';
import { Instances } from './instances.tsx';
import { Letters } from './letters.tsx';
import { Log } from './log.tsx';
import { ServiceMap } from './map.tsx';
import { Sagas } from './sagas.tsx';
import { spikeText } from './spike.tsx';
import { Totals } from './totals.tsx';
import { useControl } from './use-control.ts';
import { useOperator } from './use-operator.ts';
import { Verdict } from './verdict.tsx';

/** The whole shop at a glance, and the buttons that make it go wrong. */
export function ControlPage() {
  useTitle('Control room');
  const { connection, hello, now, history, isOld } = useControl();
  const operator = useOperator();
  const marks = now?.marks ?? [];
  return (
    <Shell aside={<ConnectionState state={connection} />}>
      <div class="control" data-stale={connection === 'lost'}>
        <header class="control-head">
          <h1>Control room</h1>
          <p class="hint">{spikeText(now?.spike ?? null)}</p>
          <p class="places">
            <Place name="Jaeger" url={hello?.jaeger} />
            <Place name="Mailbox" url={hello?.mailbox} />
            <Place name="Consul" url={hello?.consul} />
            {now !== undefined && now.viewers > 1 && <span class="hint">{now.viewers} watch</span>}
          </p>
        </header>
        {isOld && (
          <p class="note" role="status">
            The shop serves a newer page.{' '}
            <button type="button" class="link" onClick={() => location.reload()}>
              Load it
            </button>
          </p>
        )}
        <Totals now={now} />
        <div class="control-main">
          <div class="panel">
            <OrdersChart history={history} marks={marks} />
          </div>
          <Verdict verdict={now?.verdict ?? null} isAuditing={now?.spike?.state === 'auditing'} />
        </div>
        <div class="control-rail">
          <Actions now={now} hello={hello} operator={operator} />
          <Log marks={marks} />
          <Letters counts={now?.deadLetters ?? {}} operator={operator} />
          <Sagas parked={now?.parkedSagas ?? 0} operator={operator} />
          <HotStock stock={now?.hotStock ?? []} />
        </div>
        <div class="control-rest">
          <section class="panel" aria-labelledby="map-title">
            <h2 id="map-title">Who talks to whom</h2>
            {now === undefined ? <div class="skeleton tall" /> : <ServiceMap now={now} />}
          </section>
          <section class="panel charts" aria-label="Charts">
            <SmallCharts history={history} marks={marks} />
          </section>
          <Instances services={now?.services ?? []} hello={hello} operator={operator} />
        </div>
      </div>
    </Shell>
  );
}

const Place = ({ name, url }: { name: string; url: string | null | undefined }) =>
  url ? (
    <a href={url} target="_blank" rel="noreferrer">
      {name}
    </a>
  ) : null;
