import {
  type AcquirerKnobs,
  type ActionBody,
  ActionDone,
  ActionName,
  actionBodies,
  type Mark,
} from '@doorbuster/contracts';
import { Problem, parseBody } from '@doorbuster/service';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Asker } from './ask.ts';
import { type Desk, noAcquirer, noDesk } from './desk.ts';

export interface ActionsOptions {
  asker: Asker;
  desk: Desk | undefined;
  acquirer: string | undefined;
  /** Told of what was done where the desk cannot know it. */
  onMark(mark: Mark): void;
}

type Knobs = ActionBody<'acquirer'>;

const acquirerMs = 3_000;

/** Presses a button of the control room. Whoever comes here has shown the operator's token. */
export function act({ asker, desk, acquirer, onMark }: ActionsOptions): RequestHandler {
  async function turnKnobs(knobs: Knobs): Promise<ActionDone> {
    if (acquirer === undefined) throw new Problem(409, noAcquirer);
    const asking = { method: 'PUT', body: knobs, limitMs: acquirerMs } as const;
    const { status } = await asker.ask(`${acquirer}/knobs`, asking).catch(() => ({ status: 0 }));
    if (status !== 200) throw noAnswer('The acquirer');
    const mark = { at: new Date().toISOString(), text: wordsFor(knobs) };
    onMark(mark);
    return { mark };
  }

  async function askDesk(action: ActionName, body: object, authorization: string): Promise<ActionDone> {
    if (desk === undefined) throw new Problem(409, noDesk);
    const { status, body: answer } = await desk.act(action, body, authorization).catch(() => {
      throw noAnswer('The desk');
    });
    const done = ActionDone.safeParse(answer);
    if (status === 200 && done.success) return done.data;
    const { detail } = Refusal.safeParse(answer).data ?? { detail: `The desk answered ${status}` };
    throw new Problem(status >= 400 && status < 500 && status !== 401 ? status : 502, detail);
  }

  return async (req, res) => {
    const action = ActionName.safeParse(req.params['action']);
    if (!action.success) throw new Problem(404, 'There is no such action');
    const done =
      action.data === 'acquirer'
        ? turnKnobs(parseBody(actionBodies.acquirer, req.body))
        : askDesk(
            action.data,
            parseBody(actionBodies[action.data], req.body),
            req.get('authorization') ?? '',
          );
    res.json(await done);
  };
}

const noAnswer = (who: string): Problem =>
  new Problem(502, `${who} does not answer; look at what became of it before you ask again`, {
    headers: { 'Retry-After': '1' },
  });

const Refusal = z.object({ detail: z.string() });

const words: { [Knob in keyof AcquirerKnobs]: (value: number) => string } = {
  latencyMs: (ms) => (ms === 0 ? 'no delay' : `${ms} ms slower`),
  declinePercent: (share) => `declines ${share} %`,
  errorPercent: (share) => `fails ${share} %`,
  lostAnswerPercent: (share) => `loses ${share} % of its answers`,
};

/** What is written on the charts. */
export function wordsFor(knobs: Knobs): string {
  const said = Object.entries(words).flatMap(([knob, say]) => {
    const value = knobs[knob as keyof AcquirerKnobs];
    return value === undefined ? [] : say(value);
  });
  return `The acquirer: ${said.join(', ') || 'as it was'}`;
}
