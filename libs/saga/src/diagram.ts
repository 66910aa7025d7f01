import type { Saga } from './table.ts';

/** Draws a saga as a Mermaid state diagram; the picture in the docs is this function's output. */
export function toMermaid<State extends string, Trigger extends string, Facts, Message>(
  saga: Saga<State, Trigger, Facts, Message>,
): string {
  const lines = ['stateDiagram-v2', `  [*] --> ${saga.starts.to}: ${names(saga.starts.send)}`];
  for (const [state, rows] of entries(saga.states)) {
    for (const [trigger, row] of entries(rows)) {
      if (row.kind === 'ignore') continue;
      const sends = row.send.length > 0 ? ` / ${names(row.send)}` : '';
      lines.push(`  ${state} --> ${row.kind === 'move' ? row.to : state}: ${trigger}${sends}`);
    }
    if (saga.ends.includes(state)) lines.push(`  ${state} --> [*]`);
  }
  return `${lines.join('\n')}\n`;
}

const names = (builders: readonly { readonly name: string }[]): string =>
  builders.map(({ name }) => name).join(', ');

/** `Object.entries` forgets the keys' type; here they are exactly the table's. */
function entries<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(record) as [K, V][];
}
