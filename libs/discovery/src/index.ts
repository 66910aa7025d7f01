export * from './balance.ts';
export * from './register.ts';
export * from './watch.ts';
