import type { Connection } from './event-source.ts';

const texts: Record<Connection, string> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost. What you see is old; trying again.',
};

/** Says whether what is seen is what is. */
export const ConnectionState = ({ state }: { state: Connection }) => (
  <p class="connection" role="status" data-testid="connection" data-state={state}>
    <span class="dot" aria-hidden="true" />
    {texts[state]}
  </p>
);
