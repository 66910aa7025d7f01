import type { OrderView } from '@doorbuster/contracts';
import { words } from '../kit/format.ts';
import { useMedia } from '../kit/media.ts';
import { arrows, compensating, drawArrow, meanings, type SagaMap, tall, wide } from './saga-map.ts';
import { type Steps, stepsOf } from './steps.ts';

/** The saga with the way that this order took through it. */
export function SagaFigure({ order }: { order: OrderView }) {
  const map = useMedia('(max-width: 44rem)') ? tall : wide;
  const steps = stepsOf(order.timeline);
  const way = steps.states.map((state) => words(state)).join(', then ');
  const now = `${order.state}: ${meanings[order.state] ?? ''}`;
  return (
    <figure class="saga" aria-label="Saga">
      <svg
        viewBox={`0 0 ${map.width} ${map.height}`}
        role="img"
        aria-label={`The order went through ${way}.`}
      >
        <defs>
          {['idle', 'taken'].map((kind) => (
            <marker
              key={kind}
              id={`head-${kind}`}
              class={`head ${kind}`}
              viewBox="0 0 8 8"
              refX="6"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto-start-reverse"
            >
              <path d="M0 0.8L7 4L0 7.2z" />
            </marker>
          ))}
        </defs>
        <Arrows map={map} steps={steps} />
        {Object.keys(map.places).map((state) => (
          <State key={state} map={map} state={state} steps={steps} current={order.state} />
        ))}
      </svg>
      <figcaption>
        <strong>{now}</strong>
      </figcaption>
    </figure>
  );
}

const Arrows = ({ map, steps }: { map: SagaMap; steps: Steps }) => (
  <>
    {arrows.map((arrow) => {
      const { d, label } = drawArrow(map, arrow);
      const isTaken = steps.moves.has(`${arrow.from}>${arrow.to}`);
      return (
        <g key={d} class={isTaken ? 'arrow taken' : 'arrow'}>
          <path d={d} marker-end={`url(#head-${isTaken ? 'taken' : 'idle'})`} />
          {map.hasLabels && (
            <text x={label.x} y={label.y + 4}>
              {words(arrow.on)}
            </text>
          )}
        </g>
      );
    })}
  </>
);

interface StateProps {
  map: SagaMap;
  state: string;
  steps: Steps;
  current: string;
}

function State({ map, state, steps, current }: StateProps) {
  const { x, y } = map.places[state] ?? { x: 0, y: 0 };
  const { width, height } = map.node;
  const isEnd = state === 'completed' || state === 'cancelled';
  const kind = [
    'state',
    steps.states.includes(state) && 'seen',
    state === current && 'current',
    isEnd && 'end',
    compensating.includes(state) && 'back',
  ];
  return (
    <g class={kind.filter(Boolean).join(' ')} transform={`translate(${x - width / 2} ${y - height / 2})`}>
      <title>{`${state}: ${meanings[state]}`}</title>
      <rect width={width} height={height} rx={height / 2} />
      <text x={width / 2} y={height / 2 + 5}>
        {state}
      </text>
    </g>
  );
}
