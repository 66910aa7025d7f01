import {
  AcquirerKnobs,
  type ControlInstance,
  type ControlService,
  type ControlSnapshot,
  type DeskView,
  type Mark,
  participants,
  type UpstreamView,
} from '@doorbuster/contracts';
import type { MetricName } from '@doorbuster/telemetry';
import { orderPicks } from './counts.ts';
import { byId, cpuPercent, stateOf } from './instances.ts';
import type { Known, KnownInstance } from './known.ts';
import { difference, quantile, together } from './percentiles.ts';
import { countOf, histogramsOf, type Reading, sumOf, totalOf, valuesOf } from './reading.ts';
import { trafficOf } from './traffic.ts';

/** The desk's view, and when it was that. */
export interface DeskLook {
  at: number;
  view: DeskView;
}

/** Everything that a snapshot is made of. */
export interface Sources {
  now: number;
  known: Known;
  /** What Consul says: whether an instance passes, by its id; who is not registered is not in it. */
  registered: ReadonlyMap<string, ReadonlyMap<string, boolean>>;
  /** The services of the world outside that may be asked. */
  outside: readonly string[];
  door: readonly UpstreamView[];
  /** The desk as it was some seconds ago, and as it is. */
  desk: { before: DeskLook | undefined; now: DeskLook | undefined };
  knobs: unknown;
  nameOf(sku: string): string;
  marks: readonly Mark[];
  viewers: number;
}

const marksMax = 50;
/** How long an instance that is gone is still shown. */
const goneShownMs = 15_000;

/** The shop as it is, from everybody who knows something of it. */
export function takeSnapshot(sources: Sources): ControlSnapshot {
  const { now, known, desk, knobs, marks, viewers } = sources;
  const { accepted, confirmed, cancelled, shed } = orderPicks;
  const view = desk.now?.view;
  // What is read from a database is the same for all, and stands while nobody can tell.
  const told = (service: string, name: MetricName) => {
    const reading = newest(known, service, name);
    return reading === undefined ? 0 : sumOf(name)(reading);
  };
  const acquirer = AcquirerKnobs.safeParse(knobs);
  return {
    at: new Date(now).toISOString(),
    acceptedPerS: known.perS('order', accepted),
    confirmedPerS: known.perS('order', confirmed),
    cancelledPerS: known.perS('order', cancelled),
    shedPerS: known.perS('gateway', shed),
    ...known.counts(),
    confirmMs: confirmMs(known),
    openOrders: told('order', 'doorbuster.orders.open'),
    lag: lagOf(known),
    outboxAgeMs: Math.max(...participants.map((one) => told(one, 'doorbuster.outbox.age'))) * 1_000,
    hotStock: hotStock(sources),
    services: servicesOf(sources),
    traffic: trafficOf(known.perS),
    deadLetters: Object.fromEntries(participants.map((one) => [one, told(one, 'doorbuster.dead_letters')])),
    parkedSagas: told('payment', 'doorbuster.effects.parked'),
    duplicatesStopped: participants.reduce((sum, one) => sum + told(one, 'doorbuster.duplicates.stopped'), 0),
    faults: {
      kafkaPaused: view?.faults.kafkaPaused ?? false,
      twice: view?.faults.twice ?? false,
      acquirer: acquirer.success ? acquirer.data : null,
    },
    spike: view?.spike ?? null,
    verdict: view?.verdict ?? null,
    marks: [...marks, ...(view?.marks ?? [])]
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .slice(-marksMax),
    viewers,
  };
}

const newest = (known: Known, service: string, name: MetricName): Reading | undefined =>
  known
    .of(service)
    .flatMap(({ book }) => book.last() ?? [])
    .filter(({ points }) => points.has(name))
    .sort((a, b) => b.at - a.at)[0];

function confirmMs(known: Known): ControlSnapshot['confirmMs'] {
  const confirmedIn = (reading: Reading) =>
    histogramsOf(reading, 'doorbuster.saga.duration').find(
      ({ attributes }) => attributes['outcome'] === 'confirmed',
    );
  const grown = known.of('order').flatMap(({ book }) => {
    const { first, last } = book.window() ?? {};
    const after = last && confirmedIn(last);
    return after === undefined ? [] : difference(first && confirmedIn(first), after);
  });
  const all = together(grown);
  const [p50, p99] = [0.5, 0.99].map((share) => all && quantile(all, share));
  return p50 === undefined || p99 === undefined
    ? null
    : { p50: Math.round(p50 * 1_000), p99: Math.round(p99 * 1_000) };
}

/** What nobody could tell is not in it: while Kafka is silent nobody knows the lag. */
function lagOf(known: Known): Record<string, number> {
  const lags = participants.flatMap((service) => {
    const readings = known.of(service).flatMap(({ book }) => book.latest() ?? []);
    const points = readings.flatMap((one) => valuesOf(one, 'doorbuster.consumer.lag'));
    return points.length === 0 ? [] : [[service, points.reduce((sum, { value }) => sum + value, 0)] as const];
  });
  return Object.fromEntries(lags);
}

function hotStock({ known, nameOf }: Sources): ControlSnapshot['hotStock'] {
  const reading = newest(known, 'inventory', 'doorbuster.stock.on_hand');
  if (reading === undefined) return [];
  return valuesOf(reading, 'doorbuster.stock.on_hand')
    .slice(0, 10)
    .map(({ attributes, value }) => {
      const sku = String(attributes['sku']);
      return { sku, name: nameOf(sku), onHand: value };
    });
}

function servicesOf(sources: Sources): ControlService[] {
  const { outside, desk } = sources;
  const ours = ['gateway', ...participants];
  const processes = desk.now?.view.processes ?? [];
  const others = [...new Set(processes.map(({ name }) => serviceOf(name)))].filter(
    (name) => ![...ours, ...outside, 'desk'].includes(name),
  );
  const toService = (kind: ControlService['kind']) => (name: string) => ({
    name,
    kind,
    instances: instancesOf(sources, name),
  });
  return [
    ...ours.map(toService('service')),
    ...outside.map(toService('outside')),
    ...others.map(toService('server')),
  ];
}

const serviceOf = (instance: string): string => instance.replace(/-.*$/, '');

function instancesOf(sources: Sources, service: string): ControlInstance[] {
  const { known, registered, desk } = sources;
  const processes = (desk.now?.view.processes ?? []).map(({ name }) => name);
  const named = [
    ...(registered.get(service)?.keys() ?? []),
    ...processes.filter((name) => serviceOf(name) === service),
  ];
  for (const id of named) known.one(service, id);
  return known
    .of(service)
    .flatMap((one) => toInstance(one, sources))
    .sort(byId);
}

const committed = totalOf('doorbuster.batch.size');
const requests = countOf('http.server.request.duration');

/** An instance; none where it has been gone for long. */
function toInstance(one: KnownInstance, sources: Sources): ControlInstance[] {
  const { now, registered, outside, desk, door } = sources;
  const { id, service, book } = one;
  const [before, process] = [desk.before, desk.now].map((look) =>
    look?.view.processes.find(({ name }) => name === id),
  );
  const isAsked = registered.has(service) || outside.includes(service);
  const state = isAsked
    ? stateOf({
        process: process?.state,
        // The world outside is not registered: that it answers is all that is known of it.
        isPassing: outside.includes(service) ? one.answers : registered.get(service)?.get(id),
        answers: one.answers,
        wasHealthy: one.wasHealthy,
      })
    : stateOf({ process: process?.state, isPassing: true, answers: true, wasHealthy: true });
  one.wasHealthy ||= state === 'healthy';
  one.goneSince = state === 'gone' ? (one.goneSince ?? now) : undefined;
  if (one.goneSince !== undefined && now - one.goneSince > goneShownMs) return [];
  const reading = one.answers ? book.latest() : undefined;
  const cpuOfProcess = cpuPercent(
    before && desk.before && { at: desk.before.at, cpuSeconds: before.cpuSeconds },
    process && desk.now && { at: desk.now.at, cpuSeconds: process.cpuSeconds },
  );
  const takes = (participants as readonly string[]).includes(service) ? committed : requests;
  return [
    {
      id,
      state,
      door: door.flatMap(({ instances }) => instances).find((seen) => seen.id === id)?.state ?? null,
      cpuPercent: reading === undefined ? cpuOfProcess : cpuPercent(book.before(), reading),
      memoryBytes: reading?.memoryBytes ?? process?.rssBytes ?? null,
      handledPerS: reading === undefined ? 0 : book.perS(takes),
    },
  ];
}
