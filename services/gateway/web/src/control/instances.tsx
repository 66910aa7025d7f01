import type { ControlHello, ControlInstance, ControlService } from '@doorbuster/contracts';
import { mebibytes, rate } from '../kit/format.ts';
import { needsToken, whyNot } from './action-button.tsx';
import { Scale } from './scale.tsx';
import type { Operator } from './use-operator.ts';

interface InstancesProps {
  services: readonly ControlService[];
  hello: ControlHello | undefined;
  operator: Operator;
}

/** Those that may be paused and scaled. Whoever paused the gateway here could not let it go on. */
const scalable = ['order', 'inventory', 'payment', 'notification'];

/** Every process, how it does, and what can be done to it. */
export function Instances({ services, hello, operator }: InstancesProps) {
  const why = { kill: whyNot('kill', operator, hello), pause: whyNot('pause', operator, hello) };
  return (
    <section class="panel" aria-labelledby="instances-title">
      <h2 id="instances-title">Instances</h2>
      <p class="hint">
        Kill one and watch it come back, and others take over its orders. Pause one and watch the door pass it
        over.
        {why.kill !== null && why.kill !== needsToken && <span class="why"> {why.kill}.</span>}
      </p>
      <ul class="scales" aria-label="How many of each">
        {services
          .filter(({ name }) => scalable.includes(name))
          .map((service) => (
            <Scale
              key={service.name}
              service={service}
              whyNot={whyNot('scale', operator, hello)}
              scale={(instances) => operator.act('scale', { service: service.name, instances })}
            />
          ))}
      </ul>
      <table class="instances">
        <thead>
          <tr>
            <th scope="col">Instance</th>
            <th scope="col">State</th>
            <th scope="col">Handled</th>
            <th scope="col">CPU</th>
            <th scope="col">Memory</th>
            <th scope="col">
              <span class="visually-hidden">What can be done</span>
            </th>
          </tr>
        </thead>
        {services.map((service) => (
          <tbody key={service.name}>
            {service.instances.map((instance) => (
              <Row key={instance.id} instance={instance} service={service} why={why} operator={operator} />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

interface RowProps {
  instance: ControlInstance;
  service: ControlService;
  why: { kill: string | null; pause: string | null };
  operator: Operator;
}

function Row({ instance, service, why, operator }: RowProps) {
  const { id, state, door, cpuPercent, memoryBytes, handledPerS } = instance;
  const isPaused = state === 'paused';
  const isService = service.kind === 'service';
  return (
    <tr data-testid={`instance-${id}`} data-state={state}>
      <th scope="row">{id}</th>
      <td>
        <span class="state-text">
          <span class="dot" data-state={state} aria-hidden="true" />
          {state}
          {door !== null && door !== 'in' && <em>door: {door}</em>}
        </span>
      </td>
      <td class="num">{isService && `${rate(handledPerS)}/s`}</td>
      <td class="num">{cpuPercent === null ? '–' : `${Math.round(cpuPercent)} %`}</td>
      <td class="num">{memoryBytes === null ? '–' : mebibytes(memoryBytes)}</td>
      <td class="row-actions">
        {isService && (
          <button
            type="button"
            class="small"
            aria-label={`Kill ${id}`}
            disabled={why.kill !== null || state === 'gone'}
            onClick={() => operator.act('kill', { instance: id })}
          >
            Kill
          </button>
        )}
        {scalable.includes(service.name) && (
          <button
            type="button"
            class="small"
            aria-label={`${isPaused ? 'Resume' : 'Pause'} ${id}`}
            disabled={why.pause !== null || state === 'gone'}
            onClick={() => operator.act('pause', { instance: id, paused: !isPaused })}
          >
            {isPaused ? 'Resume' : 'Pause'}
          </button>
        )}
      </td>
    </tr>
  );
}
