import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, readAnswers } from './answers.ts';

export interface Address {
  host: string;
  port: number;
}

/** Exactly these bytes go over a connection of their own, in pieces where there are several. Text is Latin-1. */
export interface Sent {
  pieces: readonly (Buffer | string)[];
  /** How long the client waits before each further piece, in milliseconds. */
  pauseMs?: number | undefined;
  /** Leaves as soon as everything is sent. */
  leaves?: boolean | undefined;
}

/** What came of it. */
export interface Heard {
  answers: Answer[];
  /** Who ended the connection; `nobody` where the limit did. */
  endedBy: 'server' | 'client' | 'nobody';
  ms: number;
}

const heardBytesMax = 4 * 2 ** 20;

/**
 * Sends bytes as they are, which no HTTP client would, and hears what comes back: until the server ends the connection,
 * as many answers as `awaited` have come, or the limit is over.
 */
export async function exchange(
  { host, port }: Address,
  { pieces, pauseMs = 0, leaves = false }: Sent,
  { awaited = 1, limitMs = 5_000, method = 'GET' } = {},
): Promise<Heard> {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<Heard['endedBy']>();
  const socket = connect({ host, port, noDelay: true });
  let heard = Buffer.alloc(0);
  const answers = () => readAnswers(heard.toString('latin1'), method);
  const limit = setTimeout(() => resolve('nobody'), limitMs);
  socket.on('data', (chunk) => {
    heard = Buffer.concat([heard, chunk]);
    const isEnough = answers().filter(({ isWhole }) => isWhole).length >= awaited;
    if (isEnough || heard.length > heardBytesMax) resolve('client');
  });
  // A reset after the answer is an end like any other; without an answer there is none to be read.
  socket.on('error', () => resolve('server'));
  socket.on('close', () => resolve('server'));
  const isOver = promise.then(() => undefined);
  for (const [n, piece] of pieces.entries()) {
    if (n > 0 && pauseMs > 0) await Promise.race([pause(pauseMs), isOver]);
    if (socket.destroyed) break;
    socket.write(piece, 'latin1');
  }
  if (leaves) socket.end(() => resolve('client'));
  const endedBy = await promise;
  clearTimeout(limit);
  socket.destroy();
  return { answers: answers(), endedBy, ms: performance.now() - startedAt };
}
