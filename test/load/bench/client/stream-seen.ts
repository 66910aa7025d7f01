import { latenciesOf } from '../../percentiles.ts';
import type { SecondSeen, Stream, StreamSeen } from './messages.ts';
import type { SettledShot } from './sender.ts';

/**
 * Puts together what became of the orders of one stream. `all` are those of every stream: what is confirmed while this
 * one lasts may have been sent before. Pure.
 */
export function streamSeen(
  { name, fromMs, toMs }: Stream,
  startedAtMs: number,
  own: readonly SettledShot[],
  all: readonly SettledShot[],
): StreamSeen {
  const kinds = Map.groupBy(own, kindOf);
  const of = (kind: Kind) => kinds.get(kind) ?? [];
  const isMeanwhile = (atMs = Number.NaN) => atMs >= startedAtMs + fromMs && atMs < startedAtMs + toMs;
  const answered = (shots: readonly SettledShot[]) =>
    latenciesOf(shots.map(({ scheduledAtMs, answeredAtMs }) => answeredAtMs - scheduledAtMs));
  return {
    name,
    seconds: (toMs - fromMs) / 1_000,
    offered: own.length,
    accepted: of('ok').length,
    shed: of('shed').length,
    shedSilently: of('shedSilently').length,
    rejected: of('rejected').length,
    unknown: of('unknown').length,
    notSent: of('notSent').length,
    confirmed: of('ok').filter(({ confirmedAtMs }) => confirmedAtMs !== undefined).length,
    confirmedMeanwhile: all.filter(({ confirmedAtMs }) => isMeanwhile(confirmedAtMs)).length,
    shedMs: answered(of('shed')),
    confirmMs: confirmLatencies(own),
    clientLateMs: latenciesOf(own.map(({ scheduledAtMs, sentAtMs }) => sentAtMs - scheduledAtMs)),
    bySecond: bySecond(own, startedAtMs + fromMs, Math.ceil((toMs - fromMs) / 1_000)),
  };
}

type Kind = SettledShot['outcome'] | 'shedSilently';

/** Who is told to come again, and not when, was shed in a way that breaks the promise. */
const kindOf = ({ outcome, status }: SettledShot): Kind =>
  outcome !== 'shed' && (status === 429 || status === 503) ? 'shedSilently' : outcome;

const confirmLatencies = (shots: readonly SettledShot[]) =>
  latenciesOf(
    shots.flatMap(({ scheduledAtMs, confirmedAtMs }) =>
      confirmedAtMs === undefined ? [] : [confirmedAtMs - scheduledAtMs],
    ),
  );

/** The same by second, of the orders that were to be sent in it. */
function bySecond(shots: readonly SettledShot[], fromMs: number, seconds: number): SecondSeen[] {
  const slices = Map.groupBy(shots, ({ scheduledAtMs }) => Math.floor((scheduledAtMs - fromMs) / 1_000));
  return Array.from({ length: seconds }, (_, n) => {
    const slice = slices.get(n) ?? [];
    const confirmed = slice.filter(({ confirmedAtMs }) => confirmedAtMs !== undefined).length;
    return { offered: slice.length, confirmed, p99Ms: confirmLatencies(slice).p99 };
  });
}
