import { brief, duration, mebibytes, rate } from '../kit/format.ts';
import { Chart, type ChartData, type Line, type Look } from './chart.tsx';

const lagOf =
  (service: string): Line['pick'] =>
  ({ lag }) =>
    lag[service] ?? null;

const cores =
  (kind: 'service' | 'server'): Line['pick'] =>
  (moment) => {
    const { cpuPercent } = moment[kind];
    return cpuPercent === null ? null : cpuPercent / 100;
  };

const memory =
  (kind: 'service' | 'server'): Line['pick'] =>
  (moment) =>
    moment[kind].memoryBytes;

const orders: Look = {
  title: 'Orders per second',
  lines: [
    { label: 'in', pick: (s) => s.acceptedPerS, colour: 'accent', isFilled: true },
    { label: 'confirmed', pick: (s) => s.confirmedPerS, colour: 'good' },
    { label: 'cancelled', pick: (s) => s.cancelledPerS, colour: 'soft' },
    { label: 'shed', pick: (s) => s.shedPerS, colour: 'bad', isDashed: true },
  ],
  format: rate,
  least: 5,
  height: 250,
  isMain: true,
};

const small = { height: 150 };
const looks: readonly Look[] = [
  {
    title: 'Time to confirmed',
    lines: [
      { label: 'p99', pick: (s) => s.confirmMs?.p99 ?? null, colour: 'accent' },
      { label: 'p50', pick: (s) => s.confirmMs?.p50 ?? null, colour: 'soft' },
    ],
    format: duration,
    least: 100,
    ...small,
  },
  {
    title: 'Open orders',
    lines: [{ label: 'open', pick: (s) => s.openOrders, colour: 'accent', isFilled: true }],
    format: brief,
    least: 10,
    ...small,
  },
  {
    title: 'Messages not yet handled',
    lines: [
      { label: 'order', pick: lagOf('order'), colour: 'accent' },
      { label: 'inventory', pick: lagOf('inventory'), colour: 'ink' },
      { label: 'payment', pick: lagOf('payment'), colour: 'soft' },
      { label: 'notification', pick: lagOf('notification'), colour: 'soft', isDashed: true },
    ],
    format: brief,
    least: 10,
    ...small,
  },
  {
    title: 'Age of the outbox',
    lines: [{ label: 'oldest', pick: (s) => s.outboxAgeMs, colour: 'accent', isFilled: true }],
    format: duration,
    least: 100,
    ...small,
  },
  {
    title: 'CPU, cores',
    lines: [
      { label: 'services', pick: cores('service'), colour: 'accent' },
      { label: 'servers', pick: cores('server'), colour: 'soft' },
    ],
    format: (value) => value.toFixed(1),
    least: 1,
    ...small,
  },
  {
    title: 'Memory',
    lines: [
      { label: 'services', pick: memory('service'), colour: 'accent' },
      { label: 'servers', pick: memory('server'), colour: 'soft' },
    ],
    format: mebibytes,
    least: 256 * 1_024 ** 2,
    steps: [64, 128, 256, 512, 1_024, 2_048, 4_096].map((mib) => mib * 1_024 ** 2),
    ...small,
  },
];

/** Orders per second: what all the rest is about. */
export const OrdersChart = (data: ChartData) => <Chart {...data} look={orders} />;

/** How the shop bears it. */
export const SmallCharts = (data: ChartData) => (
  <>
    {looks.map((look) => (
      <Chart key={look.title} {...data} look={look} />
    ))}
  </>
);
