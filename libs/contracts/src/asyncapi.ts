import { z } from 'zod';
import { MessageHeaders } from './envelope.ts';
import { flows, type Participant, participants } from './flows.ts';
import { Shortage } from './inventory.ts';
import { type JsonSchema, schemaOf, schemasOf } from './json-schema.ts';
import { type MessageType, messageSchemas, messageTypes, topics } from './registry.ts';
import { CancelReason, Customer, Line, Operator, OrderId } from './values.ts';
import { CONTRACTS_VERSION } from './version.ts';

interface Reference {
  $ref: string;
}

/** The parts of AsyncAPI 3 that we use. Source: https://www.asyncapi.com/docs/reference/specification/v3.1.0 */
export interface AsyncApi {
  asyncapi: '3.1.0';
  info: { title: string; version: string; description: string; license: { name: string } };
  defaultContentType: 'application/json';
  servers: Record<string, object>;
  channels: Record<string, ChannelObject>;
  operations: Record<string, FlowObject>;
  components: { messages: Record<string, MessageObject>; schemas: Record<string, JsonSchema> };
}

export interface ChannelObject {
  address: string;
  title: string;
  description: string;
  messages: Record<string, Reference>;
}

/** What one service does with one topic. */
export interface FlowObject {
  action: 'send' | 'receive';
  channel: Reference;
  title: string;
  tags: [{ name: Participant }];
  messages: Reference[];
}

export interface MessageObject {
  name: string;
  title: string;
  summary: string;
  headers: JsonSchema;
  payload: Reference;
  correlationId: { description: string; location: string };
  bindings: { kafka: { key: JsonSchema; bindingVersion: string } };
}

const description =
  'What the services tell each other. Messages are CloudEvents 1.0 in Kafka’s binary mode: the attributes are headers, ' +
  'the value is the data alone, as JSON. The key is the order, so what is said about one order stays in its order; ' +
  'nobody relies on that. A message may come more than once, always with the same `ce_id`: recognise it. Unknown ' +
  'fields are ignored, unknown events skipped, unknown commands parked.';

/** The topics, their messages, and who sends and receives them, made from the contracts. */
export function createAsyncApi(): AsyncApi {
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Doorbuster',
      version: CONTRACTS_VERSION,
      description,
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      kafka: {
        host: '{brokers}',
        protocol: 'kafka',
        variables: { brokers: { default: 'localhost:9092', description: 'KAFKA_BROKERS of the services' } },
      },
    },
    channels: Object.fromEntries(topics.map((topic) => [channelOf(topic.name), toChannel(topic)])),
    operations: Object.fromEntries(participants.flatMap(toFlows)),
    components: {
      messages: Object.fromEntries(messageTypes.map((type) => [type, toMessage(type)])),
      schemas: schemasOf(
        { ...messageSchemas, Customer, Line, Shortage, CancelReason, Operator, Headers: MessageHeaders },
        'input',
      ),
    },
  };
}

/** `inventory.commands`, of the topic `doorbuster.inventory.commands.v1`. */
const channelOf = (topic: string): string => topic.split('.').slice(1, 3).join('.');

function toChannel({ name, kind, schemas }: (typeof topics)[number]): ChannelObject {
  const [, owner] = name.split('.');
  const types = Object.keys(schemas);
  return {
    address: name,
    title: `${owner} ${kind}s`,
    description: kind === 'command' ? `What ${owner} is asked to do` : `What ${owner} tells everybody`,
    messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
  };
}

/** The operations of one service: one for each topic that it sends to or receives from. */
function toFlows(service: Participant): [string, FlowObject][] {
  const { sends, receives } = flows[service];
  return topics.flatMap((topic) => [
    ...toFlow(service, 'send', topic, sends),
    ...toFlow(service, 'receive', topic, receives),
  ]);
}

function toFlow(
  service: Participant,
  action: FlowObject['action'],
  { name, schemas }: (typeof topics)[number],
  types: readonly MessageType[],
): [string, FlowObject][] {
  const here = types.filter((type) => Object.hasOwn(schemas, type));
  if (here.length === 0) return [];
  const channel = channelOf(name);
  const flow: FlowObject = {
    action,
    channel: { $ref: `#/channels/${channel}` },
    title: `${service} ${action}s ${here.join(', ')}`,
    tags: [{ name: service }],
    messages: here.map((type) => ({ $ref: `#/channels/${channel}/messages/${type}` })),
  };
  return [[`${service}.${action}.${channel}`, flow]];
}

function toMessage(type: MessageType): MessageObject {
  const isPartOf = (service: Participant) =>
    flows[service].sends.includes(type) || flows[service].receives.includes(type);
  const sources = participants.filter(isPartOf).map((service) => `/doorbuster/${service}`);
  const { ce_source } = MessageHeaders.shape;
  const headers = MessageHeaders.extend({
    ce_type: z.literal(type),
    ce_source: z.enum(sources).describe(ce_source.description ?? ''),
  });
  return {
    name: type,
    title: type,
    summary: messageSchemas[type].description ?? type,
    headers: schemaOf(headers, 'input'),
    payload: { $ref: `#/components/schemas/${type}` },
    correlationId: { description: 'The order', location: '$message.payload#/orderId' },
    bindings: { kafka: { key: schemaOf(OrderId, 'input'), bindingVersion: '0.5.0' } },
  };
}
