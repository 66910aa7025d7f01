import pg from 'pg';

const int8 = 20;

/** Amounts and counts are exact or refused: an auditor who rounds is none. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (Number(oid) !== int8 || format === 'binary') return pg.types.getTypeParser(oid, format);
    return (text: string) => {
      const number = Number(text);
      if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is too large to be counted with`);
      return number;
    };
  },
};

const options = {
  types,
  application_name: 'auditor',
  connectionTimeoutMillis: 5_000,
  statement_timeout: 20_000,
  options: '-c default_transaction_read_only=on',
};

/** Reads one database, on a connection that cannot write, and never with a snapshot that is held for long. */
export async function reading<T>(url: string, read: (database: pg.Client) => Promise<T>): Promise<T> {
  const database = new pg.Client({ ...options, connectionString: url });
  // What breaks the connection fails the query that is under way, and that is where it is told.
  database.on('error', () => undefined);
  await database.connect();
  try {
    return await read(database);
  } finally {
    await database.end().catch(() => undefined);
  }
}

/** One connection that cannot write, and that is made anew after it broke: for whoever looks again and again. */
export function readingPool(url: string): pg.Pool {
  const pool = new pg.Pool({ ...options, connectionString: url, max: 1 });
  pool.on('error', () => undefined);
  return pool;
}

interface PageOptions<Row> {
  /** Has to order by the cursor, and by an index: `where (A, B) > ($1, $2) order by A, B limit $3`. */
  text: string;
  from: string[];
  cursorOf(row: Row): string[];
  size?: number;
}

/** Reads a large table page by page, so that no snapshot is long and no table is in memory as a whole. */
export async function* pages<Row extends pg.QueryResultRow>(
  database: pg.Client,
  { text, from, cursorOf, size = 20_000 }: PageOptions<Row>,
): AsyncGenerator<Row[]> {
  let cursor = from;
  for (;;) {
    const { rows } = await database.query<Row>(text, [...cursor, size]);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < size) return;
    cursor = cursorOf(last);
  }
}

const stretchSize = 5_000;

/** Cuts sorted ids into stretches, each given by its first and its last: for sums over many rows, bit by bit. */
export function* stretches(ids: string[]): Generator<[string, string]> {
  for (let from = 0; from < ids.length; from += stretchSize) {
    const [first, last] = [ids[from], ids[Math.min(from + stretchSize, ids.length) - 1]];
    if (first !== undefined && last !== undefined) yield [first, last];
  }
}
