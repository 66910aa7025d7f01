import type { SpikeView } from '@doorbuster/contracts';
import { useState } from 'preact/hooks';
import { ActionButton } from './action-button.tsx';
import type { Operator } from './use-operator.ts';

interface SpikeProps {
  spike: SpikeView | null;
  whyNot: string | null;
  operator: Operator;
}

const fields = [
  { key: 'seconds', label: 'Seconds', min: 5, max: 600 },
  { key: 'basePerS', label: 'Orders/s', min: 1, max: 1_000 },
  { key: 'peakPerS', label: 'At the peak', min: 1, max: 5_000 },
] as const;

/** What the spike does at this moment. */
export function spikeText(spike: SpikeView | null): string {
  if (spike === null) return '';
  const who = spike.by === 'demo' ? 'the demo’s spike' : 'the spike';
  const texts: Record<SpikeView['state'], string> = {
    running: `${who} is running, up to ${spike.peakPerS}/s for ${spike.seconds} s`,
    auditing: `${who} is over; the auditor counts`,
    ended: `${who} has ended`,
    stopped: `${who} was stopped`,
    failed: `${who} failed`,
  };
  return texts[spike.state];
}

/** A Black Friday at the press of a button. */
export function Spike({ spike, whyNot, operator }: SpikeProps) {
  const [body, setBody] = useState({ seconds: 60, basePerS: 20, peakPerS: 200 });
  const isRunning = spike?.state === 'running';
  const isBusy = isRunning || spike?.state === 'auditing';
  if (isBusy) {
    return (
      <ActionButton
        name="Stop the spike"
        does={`Now ${spikeText(spike)}. The customers go home; what they ordered is finished.`}
        isOn
        whyNot={whyNot ?? (isRunning ? null : 'It is over already')}
        press={() => operator.act('spike', { stop: true })}
      />
    );
  }
  const isRight =
    body.peakPerS >= body.basePerS &&
    fields.every(({ key, min, max }) => body[key] >= min && body[key] <= max);
  return (
    <ActionButton
      name="Start the spike"
      does="A Black Friday: orders rise to the peak and fall again. Watch all of it, and the verdict at the end."
      whyNot={whyNot ?? (isRight ? null : 'The peak is not below the start, and it lasts 5 to 600 s')}
      press={() => operator.act('spike', { ...body, seed: Date.now() % 2 ** 31 })}
    >
      <div class="fields">
        {fields.map(({ key, label, min, max }) => (
          <label key={key}>
            <span>{label}</span>
            <input
              type="number"
              inputMode="numeric"
              min={min}
              max={max}
              value={body[key]}
              disabled={whyNot !== null}
              onInput={({ currentTarget }) => setBody({ ...body, [key]: currentTarget.valueAsNumber || 0 })}
            />
          </label>
        ))}
      </div>
    </ActionButton>
  );
}
