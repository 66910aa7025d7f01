export * from './catalogue.ts';
export * from './failpoint.ts';
export * from './meter.ts';
export * from './prometheus-name.ts';
export * from './seldom.ts';
