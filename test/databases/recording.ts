import pg from 'pg';
import { root } from '../house/source.ts';

/** A statement that production code gave to PostgreSQL. */
export interface Statement {
  text: string;
  /** What it is prepared under, where it is. */
  name: string | undefined;
  /** The file that it stands in, relative to the root. */
  file: string;
  /** What it was first run with. */
  values: unknown[];
}

type Query = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Writes down every statement that code of the services and libraries runs in this process, on whatever connection.
 * It takes the place of `query` of all pools and clients, since the relay and the listeners have connections of
 * their own. What tests run is not written down.
 */
export function recordStatements() {
  const statements = new Map<string, Statement>();

  function note(args: unknown[]): void {
    const [query, values] = args;
    const { text, name, values: own } = asConfig(query);
    const file = callerOf(new Error().stack);
    if (text === undefined || file === undefined || statements.has(text)) return;
    statements.set(text, { text, name, file, values: own ?? (Array.isArray(values) ? values : []) });
  }

  const restores = [pg.Pool.prototype, pg.Client.prototype].map((prototype) => {
    const original = Reflect.get(prototype, 'query') as Query;
    const query: Query = function (...args) {
      note(args);
      return original.apply(this, args);
    };
    Reflect.set(prototype, 'query', query);
    return () => Reflect.set(prototype, 'query', original);
  });

  return {
    /** Gives the statements back, and `query` its place. */
    stop(): Statement[] {
      for (const restore of restores) restore();
      return [...statements.values()];
    },
  };
}

function asConfig(query: unknown): { text?: string; name?: string; values?: unknown[] } {
  if (typeof query === 'string') return { text: query };
  return typeof query === 'object' && query !== null ? query : {};
}

/** Every statement of a batch passes it, and none begins there. */
const between = 'libs/pipeline/src/round-trips.ts';

/** The file of production code that is nearest in the stack. */
function callerOf(stack = ''): string | undefined {
  const [, ...frames] = stack.split(root);
  const files = frames.map((frame) => /^(libs|services)\/[^/]+\/src\/[^:)]+/.exec(frame)?.[0]);
  return files.find((file) => file !== undefined && file !== between);
}
