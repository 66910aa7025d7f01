import type { ActionBody, ActionDone, ActionName } from '@doorbuster/contracts';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Ask, ask, Refused, sentence } from '../kit/http.ts';
import { keepToken, readToken } from './token.ts';

export interface Said {
  text: string;
  isBad: boolean;
}

/** Whoever holds the operator’s token, and what came of the last thing that they did. */
export interface Operator {
  /** `unknown` until the shop has said whether the token is right. */
  standing: 'none' | 'unknown' | 'operator';
  said: Said | undefined;
  say(said: Said | undefined): void;
  /** Shows a token, or puts it away. */
  identify(token: string | undefined): void;
  /** Asks for something under `/admin`. @throws Refused */
  ask<Answer>(path: string, asking?: Ask): Promise<Answer>;
  /** Presses a button. */
  act<Name extends ActionName>(action: Name, body: ActionBody<Name>): Promise<void>;
}

/** What to tell whoever showed a token. */
const refusal = (error: unknown): string =>
  error instanceof Refused && error.status === 401
    ? 'This is no operator’s token of this shop, or it has expired'
    : sentence(error);

export function useOperator(): Operator {
  const [token, setToken] = useState(readToken);
  const [isRight, setRight] = useState(false);
  const [said, say] = useState<Said>();

  const identify = useCallback((next: string | undefined) => {
    keepToken(next);
    setRight(false);
    setToken(next);
  }, []);

  const askAsOperator = useCallback(
    async <Answer>(path: string, asking: Ask = {}): Promise<Answer> => {
      try {
        return await ask<Answer>(path, { ...asking, headers: { authorization: `Bearer ${token}` } });
      } catch (error) {
        if (error instanceof Refused && error.status === 401) identify(undefined);
        throw error;
      }
    },
    [token, identify],
  );

  useEffect(() => {
    if (token === undefined) return;
    askAsOperator('/admin/whoami').then(
      () => setRight(true),
      (error) => say({ text: refusal(error), isBad: true }),
    );
  }, [token, askAsOperator]);

  return {
    standing: token === undefined ? 'none' : isRight ? 'operator' : 'unknown',
    said,
    say,
    identify,
    ask: askAsOperator,
    async act(action, body) {
      try {
        const { mark } = await askAsOperator<ActionDone>(`/admin/control/${action}`, {
          method: 'POST',
          body,
        });
        say({ text: mark.text, isBad: false });
      } catch (error) {
        say({ text: sentence(error), isBad: true });
      }
    },
  };
}
