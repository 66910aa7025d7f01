import { flows, isMessageType, type MessageType, participants, topics } from '@doorbuster/contracts';
import { invariants } from '../audit/invariants/index.ts';
import { rules } from './arrows.ts';
import { importsOf, packageOf, typeScript } from './source.ts';

// What `docs/architecture.md` says that the code can say by itself.

/** `order.events`, of the topic `doorbuster.order.events.v1`. */
const shortName = (topic: string): string => topic.split('.').slice(1, 3).join('.');

/** The services that do something with a message of one of these types. */
const whoever = (does: 'sends' | 'receives', types: readonly MessageType[]): string[] =>
  participants.filter((service) => flows[service][does].some((type) => types.includes(type)));

const mermaid = (lines: string[]): string => ['```mermaid', ...lines, '```'].join('\n');

/** Who writes and reads which topic, as a picture. */
export function topicDiagram(): string {
  const idOf = (topic: string): string => shortName(topic).replace('.', '_');
  const nodes = topics.map(({ name }) => `  ${idOf(name)}{{"${shortName(name)}"}}`);
  const edges = topics.flatMap(({ name, schemas }) => {
    const types = Object.keys(schemas).filter(isMessageType);
    return [
      ...whoever('sends', types).map((service) => `  ${service} --> ${idOf(name)}`),
      ...whoever('receives', types).map((service) => `  ${idOf(name)} --> ${service}`),
    ];
  });
  return mermaid(['flowchart LR', ...participants.map((service) => `  ${service}`), ...nodes, ...edges]);
}

/** Who sends and uses which message. */
export function topicTable(): string {
  const rows = topics.flatMap(({ name, schemas }) =>
    Object.keys(schemas)
      .filter(isMessageType)
      .map((type, n) => {
        const cells = [whoever('sends', [type]), whoever('receives', [type])].map((names) =>
          names.join(', '),
        );
        return `| ${n === 0 ? `\`${name}\`` : ''} | \`${type}\` | ${cells.join(' | ')} |`;
      }),
  );
  return ['| topic | message | sent by | used by |', '|---|---|---|---|', ...rows].join('\n');
}

/** What the services and each library import of ours. */
function importsByHome(): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>();
  for (const file of typeScript()) {
    const [top, lib = '', folder] = file.path.split('/');
    if (top === 'test' || folder !== 'src') continue;
    const home = top === 'services' ? 'services' : lib;
    const names = importsOf(file).flatMap(
      (specifier) => /^@doorbuster\/(.+)$/.exec(packageOf(specifier) ?? '')?.[1] ?? [],
    );
    imports.set(home, new Set([...(imports.get(home) ?? []), ...names]));
  }
  return imports;
}

/** Who imports which library; one that another library brings along anyhow has no arrow of its own. */
export function importDiagram(): string {
  const imports = importsByHome();
  const brings = (from: string): string[] =>
    [...(imports.get(from) ?? [])].flatMap((next) => [next, ...brings(next)]);
  const edges = [...imports].flatMap(([from, targets]) => {
    const brought = new Set([...targets].flatMap(brings));
    return [...targets].filter((to) => !brought.has(to)).map((to) => `  ${from} --> ${to}`);
  });
  return mermaid(['flowchart TB', ...edges.sort()]);
}

/** What is checked of every file. */
export const ruleList = (): string => rules.map(({ name }) => `- ${name}`).join('\n');

/** What the audit asks of every run. */
export const invariantList = (): string => invariants.map(({ id, name }) => `- ${id}: ${name}`).join('\n');
