import type { AsyncApi, ChannelObject } from '../asyncapi.ts';
import { code, links, page, plain, prose, table } from './html.ts';
import { describeSchema, describeSchemas, schemaId } from './schema.ts';

/** The messages for people: by topic, with who sends and who receives each. */
export function asyncApiPage(document: AsyncApi): string {
  const { info, channels, components } = document;
  const types = Object.keys(components.messages);
  const values = Object.entries(components.schemas).filter(([name]) => !types.includes(name));
  const contents = [
    ...Object.entries(channels).map(([name, { messages }]) =>
      links(
        name,
        Object.keys(messages).map((type) => ({ id: schemaId(type), html: plain(type) })),
      ),
    ),
    links(
      'Values',
      values.map(([name]) => ({ id: schemaId(name), html: plain(name) })),
    ),
  ];
  const lead =
    `<p>${prose(info.description)}</p>\n<p>Every message has these <a href="#${schemaId('Headers')}">headers</a>.</p>\n` +
    `<p class="note">Version ${plain(info.version)}. For machines: <a href="asyncapi.json">asyncapi.json</a>.</p>`;
  const main = Object.entries(channels).map(([name, channel]) => describeChannel(name, channel, document));
  const described = `<h2>Values</h2>\n${describeSchemas(Object.fromEntries(values))}`;
  return page(`${info.title}: the messages`, lead, contents.join('\n'), [...main, described].join('\n'));
}

function describeChannel(
  name: string,
  { address, description, messages }: ChannelObject,
  document: AsyncApi,
): string {
  const described = Object.keys(messages).map((type) => describeMessage(type, name, document));
  return [
    `<h2>${plain(name)}</h2>\n<p>${prose(description)}, on the topic ${code(address)}.</p>`,
    ...described,
  ].join('\n');
}

function describeMessage(type: string, channel: string, { operations, components }: AsyncApi): string {
  const reference = `#/channels/${channel}/messages/${type}`;
  const who = (action: 'send' | 'receive') =>
    Object.values(operations)
      .filter((flow) => flow.action === action && flow.messages.some(({ $ref }) => $ref === reference))
      .map(({ tags: [{ name }] }) => name)
      .join(', ');
  const payload = components.schemas[type] ?? {};
  return [
    `<section id="${schemaId(type)}">\n<h3>${plain(type)}</h3>`,
    describeSchema(payload),
    table(['sent by', 'received by'], [[who('send'), who('receive')]]),
    '</section>',
  ].join('\n');
}
