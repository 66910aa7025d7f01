export * from './balance.ts';
export type { EjectionCause } from './ejection.ts';
export * from './register.ts';
export * from './setting-store.ts';
export { settingKey, type WatchedSettings, watchSettings } from './settings.ts';
export * from './standing.ts';
export * from './watch.ts';
export * from './watch-all.ts';
