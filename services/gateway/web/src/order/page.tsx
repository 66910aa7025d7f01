import type { OrderView } from '@doorbuster/contracts';
import { ConnectionState } from '../kit/connection.tsx';
import { pounds } from '../kit/format.ts';
import { Link } from '../kit/router.tsx';
import { Shell } from '../kit/shell.tsx';
import { useTitle } from '../kit/title.ts';
import { Ending } from './ending.tsx';
import { SagaFigure } from './saga-figure.tsx';
import { momentsOf } from './steps.ts';
import { Timeline } from './timeline.tsx';
import { TraceFigure } from './trace-figure.tsx';
import { useDetails } from './use-details.ts';
import { useOrder } from './use-order.ts';

/** One order: where it stands, how it came there, and everything that was said about it. */
export function OrderPage({ id }: { id: string }) {
  useTitle(`Order ${id.slice(0, 8)}`);
  const { order, error, connection, isEnded } = useOrder(id);
  return (
    <Shell aside={<ConnectionState state={connection} />}>
      <div class="order">
        <header class="order-head">
          <h1>
            Order <span class="id">{id}</span>
          </h1>
          <p class="status" role="status" data-testid="order-status" data-status={order?.status ?? 'unknown'}>
            {order?.status ?? ''}
          </p>
        </header>
        {error && order === undefined && (
          <p class="note bad" role="alert">
            {error}. <Link href="/">Back to the shop</Link>
          </p>
        )}
        {order === undefined ? (
          !error && <div class="skeleton tall" />
        ) : (
          <Whole order={order} isEnded={isEnded} />
        )}
      </div>
    </Shell>
  );
}

function Whole({ order, isEnded }: { order: OrderView; isEnded: boolean }) {
  const { messages, mails, trace } = useDetails(order.id, order.version, isEnded);
  const moments = momentsOf(order.timeline, messages.answer?.items ?? [], mails.answer?.items ?? []);
  return (
    <>
      <section class="panel" aria-labelledby="saga-title">
        <h2 id="saga-title">The saga</h2>
        <SagaFigure order={order} />
        <Ending order={order} />
      </section>
      <div class="order-columns">
        <section class="panel" aria-labelledby="timeline-title">
          <h2 id="timeline-title">What happened</h2>
          <Timeline moments={moments} />
          {messages.answer === undefined && (
            <p class="hint" role="status">
              {messages.isLooking
                ? 'Reading its messages from Kafka'
                : `Without its messages: ${messages.why}`}
            </p>
          )}
        </section>
        <div class="order-side">
          <Lines order={order} />
          <section class="panel" aria-labelledby="mail-title">
            <h2 id="mail-title">E-mail</h2>
            {mails.answer?.items.map(({ messageId, subject }) => (
              <p key={messageId} class="mail">
                {subject}
              </p>
            ))}
            {(mails.answer?.items.length ?? 0) === 0 && (
              <p class="hint">
                {mails.why ?? (isEnded && !mails.isLooking ? 'None was sent.' : 'None was sent yet.')}
              </p>
            )}
          </section>
        </div>
      </div>
      <section class="panel" aria-labelledby="trace-title">
        <h2 id="trace-title">The trace</h2>
        {trace.answer === undefined ? (
          <p class="hint">{trace.isLooking ? 'Looking for it.' : trace.why}</p>
        ) : (
          <TraceFigure trace={trace.answer} />
        )}
      </section>
    </>
  );
}

const Lines = ({ order }: { order: OrderView }) => (
  <section class="panel" aria-labelledby="lines-title">
    <h2 id="lines-title">What was ordered</h2>
    <table class="plain">
      <tbody>
        {order.lines.slice(0, 50).map(({ sku, quantity, priceCents }) => (
          <tr key={sku}>
            <td class="num">{quantity} ×</td>
            <td>{sku}</td>
            <td class="num">{pounds(quantity * priceCents)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={2}>
            {order.lines.length > 50 ? `and ${order.lines.length - 50} lines more` : 'Total'}
          </td>
          <td class="num">{pounds(order.totalCents)}</td>
        </tr>
      </tfoot>
    </table>
  </section>
);
