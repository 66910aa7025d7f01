import type { ActionName, ControlHello } from '@doorbuster/contracts';
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { Operator } from './use-operator.ts';

/** The box above the buttons tells it once for all of them. */
export const needsToken = 'Needs the operator’s token';

/** Why an action cannot be done now, or null where it can. */
export function whyNot(
  action: ActionName,
  operator: Operator,
  hello: ControlHello | undefined,
): string | null {
  if (hello === undefined) return 'Not connected yet';
  return hello.actions[action] ?? (operator.standing === 'operator' ? null : needsToken);
}

interface ActionButtonProps {
  /** The accessible name. */
  name: string;
  /** What it does, and what to watch. */
  does: string;
  whyNot: string | null;
  press(): Promise<void>;
  /** Whether it is switched on; undefined for what is no switch. */
  isOn?: boolean;
  children?: ComponentChildren;
}

/** A button with one line about it; where it cannot work it says why. */
export function ActionButton({ name, does, whyNot: why, press, isOn, children }: ActionButtonProps) {
  const id = useId();
  const [isBusy, setBusy] = useState(false);
  const onClick = async () => {
    setBusy(true);
    await press().finally(() => setBusy(false));
  };
  return (
    <div class="action" data-on={isOn}>
      <button
        type="button"
        disabled={why !== null || isBusy}
        aria-pressed={isOn}
        aria-describedby={id}
        onClick={onClick}
      >
        {name}
      </button>
      {children}
      <p id={id} class="hint">
        {does}
        {why !== null && why !== needsToken && <span class="why"> {why}.</span>}
      </p>
    </div>
  );
}
