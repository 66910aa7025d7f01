import type { ControlService, ControlSnapshot, InstanceState } from '@doorbuster/contracts';
import { rate } from '../kit/format.ts';
import { useMedia } from '../kit/media.ts';
import { type Box, lineBetween, placesOf, streamOf, tall, wide } from './map-layout.ts';

/** The services and servers, their instances, and what flows between them at this moment. */
export function ServiceMap({ now }: { now: ControlSnapshot }) {
  const layout = useMedia('(max-width: 44rem)') ? tall : wide;
  const ends = now.traffic.flatMap(({ from, to }) => [from, to]);
  const names = [...new Set([...now.services.map(({ name }) => name), ...ends])];
  const places = placesOf(names, layout);
  const byName = new Map(now.services.map((service) => [service.name, service]));
  const busiest = now.traffic.toSorted((a, b) => b.perS - a.perS).slice(0, 4);
  const words = busiest.map(({ from, to, perS }) => `${from} to ${to} ${rate(perS)} per second`).join(', ');
  return (
    <figure class="map" aria-label="Services and messages">
      <svg
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="img"
        aria-label={`Most flows from ${words || 'nobody'}.`}
      >
        <defs>
          <Tip id="flow-tip" />
          <Tip id="flow-tip-idle" />
        </defs>
        {now.traffic.map(({ from, to, perS }) => (
          <Flow key={`${from}>${to}`} from={places.get(from)} to={places.get(to)} perS={perS} />
        ))}
        {names.map((name) => (
          <Node key={name} name={name} place={places.get(name)} service={byName.get(name)} />
        ))}
      </svg>
    </figure>
  );
}

/** Says which way it flows. */
const Tip = ({ id }: { id: string }) => (
  <marker
    id={id}
    markerUnits="userSpaceOnUse"
    markerWidth={10}
    markerHeight={12}
    refX={1}
    refY={6}
    orient="auto"
  >
    <path d="M0 0 10 6 0 12z" />
  </marker>
);

interface FlowProps {
  from: Box | undefined;
  to: Box | undefined;
  perS: number;
}

function Flow({ from, to, perS }: FlowProps) {
  if (from === undefined || to === undefined) return null;
  const d = lineBetween(from, to);
  const stream = streamOf(perS);
  return (
    <g class="flow" data-stream={stream}>
      {stream === 0 ? (
        <path class="flow-bed" d={d} marker-end="url(#flow-tip-idle)" />
      ) : (
        <path class="flow-stream" d={d} marker-end="url(#flow-tip)" />
      )}
    </g>
  );
}

const dotsMax = 8;
const troubles: readonly InstanceState[] = ['failing', 'paused', 'gone'];

function Node({
  name,
  place,
  service,
}: {
  name: string;
  place: Box | undefined;
  service: ControlService | undefined;
}) {
  if (place === undefined) return null;
  const { x, y, width, height } = place;
  const instances = service?.instances ?? [];
  const handledPerS = instances.reduce((sum, one) => sum + one.handledPerS, 0);
  const isUpright = height > 2 * width;
  const isSmall = height < 55;
  const isTroubled = instances.some(({ state }) => troubles.includes(state));
  const hasRate = service?.kind === 'service';
  return (
    <g
      class={`node ${service?.kind ?? 'people'}`}
      data-trouble={isTroubled}
      transform={`translate(${x} ${y})`}
    >
      <rect x={-width / 2} y={-height / 2} width={width} height={height} rx={10} />
      <text
        class="node-name"
        y={isUpright ? 5 : isSmall ? (instances.length > 0 ? -1 : 5) : -8}
        transform={isUpright ? 'rotate(-90)' : undefined}
      >
        {name}
      </text>
      {hasRate && (
        <text class="node-rate" y={9}>
          {rate(handledPerS)}/s
        </text>
      )}
      {instances.slice(0, dotsMax).map(({ id, state }, n) => (
        <circle
          key={id}
          class="instance-dot"
          data-state={state}
          cx={(n - (Math.min(instances.length, dotsMax) - 1) / 2) * 13}
          cy={height / 2 - 10}
          r={4}
        >
          <title>{`${id}: ${state}`}</title>
        </circle>
      ))}
    </g>
  );
}
