import type { ActionBody, ActionName } from '@doorbuster/contracts';
import { Refusal, SCALED } from '@doorbuster/stack';
import { sendPoison } from './poison.ts';
import type { Spikes } from './spike.ts';
import type { Process, SupervisorClient } from './supervisor.ts';
import { keepTwice } from './twice.ts';

/** What the desk itself does; the acquirer's knobs are the gateway's to turn. */
export type DeskAction = Exclude<ActionName, 'acquirer'>;
export type DeskBody<Name extends DeskAction> = ActionBody<Name>;

/** Each does it, and says for the charts what was done. @throws Refusal when it cannot be done now */
export type Actions = { [Name in DeskAction]: (body: DeskBody<Name>) => Promise<string> };

export interface ActionParts {
  supervisor: SupervisorClient;
  kafka: string[];
  spikes: Spikes;
}

const self = 'desk-1';
export const broker = 'kafka';

/** The control room's buttons, and how to end what was switched on by them. */
export function createActions({ supervisor, kafka, spikes }: ActionParts) {
  const twice = keepTwice(kafka);

  async function find(name: string): Promise<Process> {
    const found = (await supervisor.list()).find((one) => one.name === name);
    if (found === undefined) throw new Refusal(404, `there is no process called ${name}`);
    return found;
  }

  /** Where there is nothing to be paused, or to go on, it says so. */
  async function hold(name: string, paused: boolean): Promise<void> {
    const { state } = await find(name);
    if (state !== (paused ? 'ready' : 'paused')) throw new Refusal(409, `${name} is ${state}`);
    await supervisor.act(name, paused ? 'pause' : 'resume');
  }

  async function needKafka(): Promise<void> {
    if ((await find(broker)).state !== 'ready') throw new Refusal(409, 'Kafka does not answer now');
  }

  const actions: Actions = {
    async spike(body) {
      if ('stop' in body) {
        await spikes.stop();
        return 'The spike is stopped';
      }
      if (body.peakPerS < body.basePerS) throw new Refusal(422, 'the peak is lower than the base');
      spikes.start(body);
      return `A spike: ${body.seconds} s, up to ${body.peakPerS} orders/s`;
    },
    async kill({ instance }) {
      if (instance === self) throw new Refusal(409, 'whoever kills the desk gets no answer');
      const { state } = await find(instance);
      if (state !== 'ready' && state !== 'paused') throw new Refusal(409, `${instance} is ${state}`);
      await supervisor.act(instance, 'kill');
      return `${instance} is killed`;
    },
    async pause({ instance, paused }) {
      if (instance === self || instance.startsWith('gateway-'))
        throw new Refusal(409, `without ${instance} nobody could press the button that lets it go on`);
      await hold(instance, paused);
      return `${instance} ${paused ? 'is paused' : 'goes on'}`;
    },
    async scale({ service, instances }) {
      if (!SCALED.some((name) => name === service))
        throw new Refusal(404, `${service} cannot be scaled; ${SCALED.join(', ')} can`);
      await supervisor.scale(service, instances);
      return `${service}: ${instances === 1 ? '1 instance' : `${instances} instances`}`;
    },
    async kafka({ paused }) {
      await hold(broker, paused);
      return paused ? 'Kafka goes silent' : 'Kafka answers again';
    },
    async poison({ topic }) {
      await needKafka();
      return `Poison on ${await sendPoison(kafka, topic)}`;
    },
    async twice({ on }) {
      if (on) await needKafka();
      await twice.turn(on);
      return on ? 'Everything is sent twice' : 'Everything is sent once';
    },
  };
  return { actions, isTwice: twice.isOn, close: twice.close };
}
