import type { DuckDBInstance } from '@duckdb/node-api';
import { FeedError } from '@omniquant/plugin-sdk';

/** Rows of texts. One result is not kept in memory as a whole, however long it is. */
export interface Duck {
  /** Rows in the order of the file, in batches; null is an empty cell. */
  rows(query: Query, signal: AbortSignal): AsyncIterable<readonly Row[]>;
  close(): void;
}

export type Row = readonly string[];

/** Selected columns become texts; an empty one is a missing value. */
export interface Query {
  /** SQL of each column, as a text. */
  readonly columns: readonly string[];
  readonly from: string;
  /** SQL conditions. */
  readonly where: readonly string[];
  /** Values of $1, $2, ... */
  readonly values: readonly string[];
}

/** Between the texts of a row: one text a row crosses from DuckDB much faster than many. */
const BETWEEN = '\u001f';

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * A database that reaches the given folders and nothing else: no network, no extensions. DuckDB's library is large, and
 * loaded where there are files to be read only.
 */
export async function openInstance(path: string, folders: readonly string[]): Promise<DuckDBInstance> {
  const duckdb = await import('@duckdb/node-api');
  const instance = await duckdb.DuckDBInstance.create(path, {
    threads: '1',
    memory_limit: '512MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const setup = await instance.connect();
  await setup.run(`SET GLOBAL TimeZone = 'UTC'`);
  await setup.run(`SET allowed_directories = [${folders.map(literal).join(', ')}]`);
  await setup.run('SET enable_external_access = false');
  await setup.run('SET lock_configuration = true');
  setup.closeSync();
  return instance;
}

/** A database in memory that reaches the given folders and nothing else: no network, no extensions. */
export async function openDuck(folders: readonly string[]): Promise<Duck> {
  const instance = await openInstance(':memory:', folders);
  const state = { isClosed: false, reading: 0 };
  /** Closed under a connection that is being opened, or a result that is being read, it takes the process along. */
  const closeWhenIdle = (): void => {
    if (state.isClosed && state.reading === 0) instance.closeSync();
  };

  return {
    async *rows({ columns, from, where, values }, signal) {
      if (state.isClosed) throw new FeedError('UNAVAILABLE', 'the files are closed');
      signal.throwIfAborted();
      state.reading += 1;
      try {
        yield* readRows(instance, { columns, from, where, values }, signal);
      } finally {
        state.reading -= 1;
        closeWhenIdle();
      }
    },
    close() {
      if (state.isClosed) return;
      state.isClosed = true;
      closeWhenIdle();
    },
  };
}

/** One batch after the other. A result that is being read has its connection to itself. */
async function* readRows(
  instance: DuckDBInstance,
  { columns, from, where, values }: Query,
  signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  const connection = await instance.connect();
  try {
    const texts = columns.map((column) => `coalesce(${column}, '')`).join(', ');
    const condition = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
    const sql = `SELECT concat_ws(chr(31), ${texts}) FROM ${from}${condition}`;
    signal.throwIfAborted();
    const result = await connection.stream(sql, [...values]);
    for (;;) {
      // A batch is quick: whoever stops waits for the one under way at most.
      signal.throwIfAborted();
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      const vector = chunk.getColumnVector(0);
      const rows: Row[] = [];
      for (let index = 0; index < chunk.rowCount; index += 1) {
        rows.push(String(vector.getItem(index)).split(BETWEEN));
      }
      yield rows;
    }
  } finally {
    connection.closeSync();
  }
}
