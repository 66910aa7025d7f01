export type { KafkaOptions, Log } from './client.ts';
export * from './inspect.ts';
export * from './publisher.ts';
export { type ReceivedRecord, type Subscriber, subscribe } from './subscriber.ts';
export * from './topics.ts';
