export type { DeadLetters, Replayed } from './dead-letters.ts';
export { type EffectCall, type EffectHandler, NotThere } from './effects.ts';
export { Overloaded } from './gather.ts';
export type * from './input.ts';
export { readBacklog } from './metrics.ts';
export { type Pipeline, type PipelineOptions, startPipeline } from './pipeline.ts';
export { keysOf, rows, type Store, type Tx, type Unit } from './store.ts';
