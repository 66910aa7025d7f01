/**
 * `npm run dead-letters -- list|show|replay|edit`: what an operator does about messages that a service could not
 * handle, in any shop that is up.
 */
import { readFile } from 'node:fs/promises';
import { type DeadLetter, DeadLetterDetail, DeadLetterPage, Replayed } from '@doorbuster/contracts';
import { z } from 'zod';
import { runProgram } from '../launcher.ts';
import { type OperatorDoor, openOperatorDoor } from '../operator-door.ts';
import { SetupError } from '../setup-error.ts';
import { type DeadLetterCommand, participants, readDeadLetterCommand } from './dead-letter-options.ts';

const Results = z.object({ results: z.array(Replayed) });

await runProgram(async () => {
  const command = readDeadLetterCommand(process.argv.slice(2));
  const door = await openOperatorDoor(command.info);
  const lines = await carryOut(door, command);
  console.log(lines.join('\n'));
});

async function carryOut(door: OperatorDoor, command: DeadLetterCommand): Promise<string[]> {
  switch (command.kind) {
    case 'list':
      return list(door, command);
    case 'show':
      return show(door, command);
    case 'replay': {
      const ids = command.ids ?? (await allOpen(door, command)).map(({ id }) => id);
      if (ids.length === 0) return ['There is nothing to replay.'];
      const { service, by, why } = command;
      const body = { ids, by, why };
      const answer = await door.post(`/admin/${service}/dead-letters/replay`, body, Results);
      return answer.results.map(toLine);
    }
    case 'edit': {
      const { service, id, by, why, file } = command;
      const data = await readData(file);
      const type = command.type ?? (await letterOf(door, service, id)).type;
      return [
        toLine(
          await door.post(`/admin/${service}/dead-letters/${id}/edit`, { type, data, by, why }, Replayed),
        ),
      ];
    }
  }
}

type Filter = Pick<DeadLetterCommand & { kind: 'list' }, 'type' | 'reason' | 'open' | 'limit'>;

function pageOf(door: OperatorDoor, service: string, { type, reason, open, limit }: Filter) {
  const query = new URLSearchParams({ open: String(open), limit: String(limit) });
  if (type !== undefined) query.set('type', type);
  if (reason !== undefined) query.set('reason', reason);
  return door.get(`/admin/${service}/dead-letters?${query}`, DeadLetterPage);
}

async function list(door: OperatorDoor, command: DeadLetterCommand & { kind: 'list' }): Promise<string[]> {
  const services = command.service === undefined ? participants : [command.service];
  const lines: string[] = [];
  for (const service of services) {
    const { items, next } = await pageOf(door, service, command);
    lines.push(...items.map((letter) => summary(service, letter)));
    if (next !== null) lines.push(`${service}: there are more; --limit shows up to 500`);
  }
  return lines.length > 0 ? lines : ['There are no dead letters.'];
}

async function allOpen(door: OperatorDoor, command: DeadLetterCommand & { kind: 'replay' }) {
  const { items } = await pageOf(door, command.service, { ...command, open: true, limit: 100 });
  return items;
}

function summary(service: string, letter: DeadLetter): string {
  return [
    `${service} ${letter.id}`.padEnd(18),
    letter.lastAt.slice(0, 19).replace('T', ' '),
    (letter.type ?? '?').padEnd(16),
    letter.key,
    `${letter.reason}: ${letter.detail.split('\n')[0]?.slice(0, 80)}`,
    letter.replayedAt === null ? '' : `(replayed by ${letter.replayedBy})`,
  ].join('  ');
}

function letterOf(door: OperatorDoor, service: string, id: number): Promise<DeadLetterDetail> {
  return door.get(`/admin/${service}/dead-letters/${id}`, DeadLetterDetail);
}

async function show(
  door: OperatorDoor,
  { service, id }: DeadLetterCommand & { kind: 'show' },
): Promise<string[]> {
  const { headers, value, ...letter } = await letterOf(door, service, id);
  const facts = Object.entries({ ...letter, ...headers }).filter(([, fact]) => fact !== null);
  const bytes = Buffer.from(value, 'base64');
  return [
    ...facts.map(([name, fact]) => `${name.padEnd(14)}${fact}`),
    '',
    bytes.length > 20_000
      ? `${bytes.subarray(0, 20_000).toString('utf8')} … (${bytes.length} bytes)`
      : bytes.toString('utf8'),
  ];
}

async function readData(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new SetupError(`--data: there is no file ${file}.`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SetupError(`--data: ${file} is not JSON.`, { cause });
  }
}

function toLine(replayed: Replayed): string {
  const letter = `dead letter ${replayed.id}`;
  switch (replayed.result) {
    case 'decided':
      return `${letter}: replayed`;
    case 'sent':
      return `${letter}: sent as the new message ${replayed.messageId}`;
    case 'ignored':
      return `${letter}: replayed, and nothing changed: ${replayed.why}`;
    case 'replayed before':
      return `${letter}: was replayed before, nothing changed`;
    case 'impossible':
      return `${letter}: cannot be replayed: ${replayed.why}`;
  }
}
