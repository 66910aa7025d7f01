import type { AcquirerKnobs, ControlHello, ControlSnapshot } from '@doorbuster/contracts';
import { ActionButton, whyNot } from './action-button.tsx';
import { Spike } from './spike.tsx';
import { TokenBox } from './token-box.tsx';
import type { Operator } from './use-operator.ts';

interface ActionsProps {
  now: ControlSnapshot | undefined;
  hello: ControlHello | undefined;
  operator: Operator;
}

interface Knob {
  name: string;
  does: string;
  knob: keyof AcquirerKnobs;
  on: number;
}

const knobs: Knob[] = [
  {
    name: 'Slow the acquirer',
    does: 'Each charge takes two seconds more. Watch the time to confirmed and the open orders.',
    knob: 'latencyMs',
    on: 2_000,
  },
  {
    name: 'Decline cards',
    does: 'Half of the charges are declined. Watch the stock come back.',
    knob: 'declinePercent',
    on: 50,
  },
  {
    name: 'Lose answers',
    does: 'Three charges in ten are booked and never answered. Watch that nobody pays twice.',
    knob: 'lostAnswerPercent',
    on: 30,
  },
];

/** What can be made to go wrong; each says what to watch. */
export function Actions({ now, hello, operator }: ActionsProps) {
  const isPaused = now?.faults.kafkaPaused ?? false;
  const isTwice = now?.faults.twice ?? false;
  const why = (action: Parameters<typeof whyNot>[0]) => whyNot(action, operator, hello);
  return (
    <section class="panel actions" aria-labelledby="actions-title">
      <h2 id="actions-title">Make it happen</h2>
      <TokenBox operator={operator} />
      <div role="status" class="said">
        {operator.said && !operator.said.isBad && <p class="note good">{operator.said.text}</p>}
      </div>
      {operator.said?.isBad && (
        <p class="note bad" role="alert">
          {operator.said.text}
        </p>
      )}
      <Spike spike={now?.spike ?? null} whyNot={why('spike')} operator={operator} />
      {knobs.map(({ name, does, knob, on }) => {
        const isOn = (now?.faults.acquirer?.[knob] ?? 0) > 0;
        return (
          <ActionButton
            key={knob}
            name={name}
            does={does}
            isOn={isOn}
            whyNot={why('acquirer')}
            press={() => operator.act('acquirer', { [knob]: isOn ? 0 : on })}
          />
        );
      })}
      <ActionButton
        name={isPaused ? 'Let Kafka answer' : 'Cut Kafka off'}
        does={
          isPaused
            ? 'The broker goes on where it stood. Watch the lag run off.'
            : 'The broker’s process is stopped, so it is silent. Watch the outbox age, and the door shed.'
        }
        isOn={isPaused}
        whyNot={why('kafka')}
        press={() => operator.act('kafka', { paused: !isPaused })}
      />
      <ActionButton
        name="Send a poison message"
        does="A record that is against its contract. Watch it become a dead letter, and nothing else stop."
        whyNot={why('poison')}
        press={() => operator.act('poison', {})}
      />
      <ActionButton
        name="Send everything twice"
        does="Every record comes once more. Watch the duplicates that are stopped, and the verdict hold."
        isOn={isTwice}
        whyNot={why('twice')}
        press={() => operator.act('twice', { on: !isTwice })}
      />
    </section>
  );
}
