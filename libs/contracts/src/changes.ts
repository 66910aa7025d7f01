import { type Misfit, misfits } from './compatibility.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Release, ReleasedMessage } from './release.ts';

/**
 * Every change since a release that breaks somebody who still runs it, a sentence each. Old and new run side by side
 * while a version is rolled out, and messages of the old one may come for as long as a topic keeps them: old consumers
 * must understand new producers, and new consumers old producers. Of HTTP the clients are the old ones.
 */
export function breakingChanges(released: Release, current: Release): string[] {
  const since = `v${released.version}`;
  const sentences = [
    ...bothWays('The headers of messages', { read: released.headers }, { read: current.headers }, since),
    ...Object.entries(released.messages).flatMap(([type, message]) =>
      changesOf(type, message, current, since),
    ),
    ...Object.entries(released.http).flatMap(([name, promise]) =>
      changesOfHttp(name, promise, current, since),
    ),
    ...toSentences('Problem documents', misfits(released.problem, current.problem, 'reader'), {
      old: `a client of ${since}`,
      isReading: true,
    }),
  ];
  // Two forms of one message may break the same.
  return [...new Set(sentences)];
}

function changesOf(type: string, old: ReleasedMessage, { messages }: Release, since: string): string[] {
  const now = messages[type];
  if (now === undefined) return [`${type} is gone: somebody of ${since} may send it, or wait for it.`];
  if (now.topic !== old.topic)
    return [`${type} is on ${now.topic} now: a consumer of ${since} listens to ${old.topic}.`];
  return bothWays(type, old, now, since);
}

type Message = Pick<ReleasedMessage, 'read' | 'written'>;

function bothWays(name: string, old: Message, now: Message, since: string): string[] {
  const writtenOf = ({ read, written = read }: Message): JsonSchema => written;
  return [
    ...toSentences(name, misfits(old.read, writtenOf(now), 'reader'), {
      old: `a consumer of ${since}`,
      isReading: true,
    }),
    // What is gone was reported above, from the side that misses it.
    ...toSentences(name, misfits(now.read, writtenOf(old), 'nobody'), {
      old: `a producer of ${since}`,
      isReading: false,
    }),
  ];
}

function changesOfHttp(
  name: string,
  promise: Release['http'][string],
  { http }: Release,
  since: string,
): string[] {
  const now = http[name];
  const old = `a client of ${since}`;
  if (now === undefined) return [`${name} is gone: ${old} asks for it.`];
  const answers = Object.entries(promise.answers).flatMap(([status, schema]) => {
    const answer = now.answers[status];
    if (answer === undefined) return [`${name} does not answer ${status} any more: ${old} waits for it.`];
    return toSentences(`${name} ${status}`, misfits(schema, answer, 'reader'), { old, isReading: true });
  });
  const request = misfits(now.request, promise.request, 'writer');
  return [...toSentences(name, request, { old, isReading: false }), ...answers];
}

/** Which side the old version is on. */
interface Side {
  old: string;
  isReading: boolean;
}

function toSentences(name: string, found: Misfit[], side: Side): string[] {
  return found.map((misfit) => `${placeOf(name, misfit.path)} ${sentenceOf(misfit, side)}.`);
}

/** `PaymentClosed.refundedCents`, but `POST /orders body.lines[].sku`. */
const placeOf = (name: string, path: string): string =>
  name.includes(' ') ? `${name} ${path.replace(/^\./, '')}`.trim() : `${name}${path}`;

function sentenceOf(misfit: Misfit, { old, isReading }: Side): string {
  switch (misfit.kind) {
    case 'gone':
      return isReading ? `is gone: ${old} reads it` : `is gone: what ${old} says in it is ignored`;
    case 'missing':
      return isReading
        ? `may be left out now: ${old} requires it`
        : `is required now: ${old} need not send it`;
    case 'type':
      return isReading
        ? `may be ${misfit.gets} now: ${old} takes ${misfit.takes}`
        : `takes ${misfit.takes} now: ${old} may send ${misfit.gets}`;
    case 'value':
      return isReading
        ? `may be ${misfit.value} now: ${old} does not know that`
        : `does not take ${misfit.value} any more: ${old} may send it`;
    case 'limit': {
      const [takes, gets] = [said(misfit.takes), said(misfit.gets)];
      return isReading
        ? `has ${misfit.keyword} ${gets} now: ${old} takes ${takes}`
        : `has ${misfit.keyword} ${takes} now: ${old} keeps to ${gets}`;
    }
  }
}

const said = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
