export type { KafkaOptions, Log } from './client.ts';
export * from './inspect.ts';
export * from './publisher.ts';
export * from './read-key.ts';
export { type ReceivedRecord, type Subscriber, subscribe } from './subscriber.ts';
export { type Tap, tap } from './tap.ts';
export * from './topics.ts';
