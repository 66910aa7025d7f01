import type { ControlService } from '@doorbuster/contracts';

/** The supervisor’s own limit is higher; more than this helps nobody on one machine. */
const INSTANCES_MAX = 8;

interface ScaleProps {
  service: ControlService;
  whyNot: string | null;
  scale(instances: number): Promise<void>;
}

/** How many instances of a service there are, one less and one more. */
export function Scale({ service: { name, instances }, whyNot, scale }: ScaleProps) {
  const running = instances.filter(({ state }) => state !== 'draining' && state !== 'gone').length;
  return (
    <li>
      {name}
      <span class="stepper">
        <button
          type="button"
          aria-label={`One less ${name}`}
          disabled={whyNot !== null || running <= 1}
          onClick={() => scale(running - 1)}
        >
          −
        </button>
        <output aria-label={`Instances of ${name}`}>{running}</output>
        <button
          type="button"
          aria-label={`One more ${name}`}
          disabled={whyNot !== null || running >= INSTANCES_MAX}
          onClick={() => scale(running + 1)}
        >
          +
        </button>
      </span>
    </li>
  );
}
