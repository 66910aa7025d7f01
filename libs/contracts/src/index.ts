export * from './catalogue.ts';
export * from './envelope.ts';
export * from './http.ts';
export * from './inventory.ts';
export * from './order.ts';
export * from './payment.ts';
export * from './registry.ts';
export type { Topic } from './topic.ts';
export * from './values.ts';
