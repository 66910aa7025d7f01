import { keep, recall } from '../kit/session.ts';

/** Takes the operator’s token out of the address at once, so that it is neither seen, shared nor kept as history. */
export function takeTokenFromAddress(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  keepToken(token);
}

export const readToken = (): string | undefined => recall<string>('token');
export const keepToken = (token: string | undefined): void => keep('token', token);
