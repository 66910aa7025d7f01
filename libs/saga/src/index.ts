export * from './diagram.ts';
export * from './interpret.ts';
export * from './table.ts';
