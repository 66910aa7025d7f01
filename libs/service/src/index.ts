export * from './config.ts';
export { createPool } from './database.ts';
export * from './event-stream.ts';
export { bodyBytesMax, json, resource, type TurnAway } from './http.ts';
export type { Logger } from './log.ts';
export * from './problem.ts';
export { observeRequests } from './request-telemetry.ts';
export { type Context, runService } from './service.ts';
