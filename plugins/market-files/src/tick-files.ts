import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

import { quoted } from './duck.ts';
import { createDuckLender } from './duck-lender.ts';
import { fileFault } from './file-fault.ts';
import { STORED_COLUMNS, type StoredType, type TickBlocks, type TickKind } from './tick-kinds.ts';
import type { TimeRange } from './time-conditions.ts';

/** Reads the files of `importTicks`. */
export interface TickFiles {
  /**
   * Rows of a range, block by block, and before them what it takes to know the market at its begin: the last quote, or a
   * book's last snapshot and all since. Throws FeedError DATA_INVALID for a file that is none or is damaged, and the
   * signal's reason.
   * @param path Absolute, in the folder or below it.
   */
  read<K extends TickKind>(
    kind: K,
    path: string,
    range: TimeRange,
    signal: AbortSignal,
  ): AsyncGenerator<TickBlocks[K]>;
}

/** Rows of one block, at most. */
const BLOCK = 16_384;
/** Actions that a book begins anew with. */
const BEGINS_ANEW: Readonly<Record<TickKind, string | null>> = {
  QUOTES: 'true',
  TRADES: null,
  L2: 'action = 1',
  L3: 'action = 5',
};

/** The files of a folder: those that are read at the same time share one DuckDB. */
export function tickFiles(folder: string): TickFiles {
  const lender = createDuckLender(folder);
  return {
    async *read(kind, path, range, signal) {
      signal.throwIfAborted();
      const instance = await lender.take();
      try {
        const connection = await instance.connect();
        try {
          const from = await beginOf(connection, kind, path, range.from);
          const chunks = chunksOf(connection, { kind, path, range: { ...range, from } }, signal);
          for await (const block of blocksOf(kind, chunks)) yield block;
        } finally {
          connection.closeSync();
        }
      } finally {
        await lender.giveBack();
      }
    },
  };
}

const damaged = (path: string, cause: unknown): Error =>
  fileFault(path, 'cannot be read as ticks; it is damaged, or not of this version', {}, { cause });

/** Where reading has to begin, so that the market is known at `from`. */
async function beginOf(
  connection: DuckDBConnection,
  kind: TickKind,
  path: string,
  from: number | null,
): Promise<number | null> {
  const anew = BEGINS_ANEW[kind];
  if (from === null || anew === null) return from;
  const sql = `SELECT max("at") FROM read_parquet($1) WHERE "at" <= ${String(from)} AND ${anew}`;
  const result = await connection.runAndReadAll(sql, [path]).catch((cause: unknown) => {
    throw damaged(path, cause);
  });
  const [[at = null] = []] = result.getRows();
  return typeof at === 'number' ? at : null;
}

interface Reading {
  readonly kind: TickKind;
  readonly path: string;
  readonly range: TimeRange;
}

async function* chunksOf(
  connection: DuckDBConnection,
  { kind, path, range: { from, to } }: Reading,
  signal: AbortSignal,
): AsyncGenerator<DuckDBDataChunk> {
  const bounds = [
    ...(from === null ? [] : [`"at" >= ${String(from)}`]),
    ...(to === null ? [] : [`"at" < ${String(to)}`]),
  ];
  const where = bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`;
  const names = STORED_COLUMNS[kind].map(([name]) => quoted(name)).join(', ');
  const fail = (cause: unknown): never => {
    throw damaged(path, cause);
  };
  const result = await connection.stream(`SELECT ${names} FROM read_parquet($1)${where}`, [path]).catch(fail);
  for (;;) {
    signal.throwIfAborted();
    const chunk = await result.fetchChunk().catch(fail);
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk;
  }
}

type Column = Float64Array | Int8Array | Uint8Array;

async function* blocksOf<K extends TickKind>(
  kind: K,
  chunks: AsyncIterable<DuckDBDataChunk>,
): AsyncGenerator<TickBlocks[K]> {
  const columns = STORED_COLUMNS[kind];
  const newBlock = (): Column[] => columns.map(([, type]) => newColumn(type));
  const named = (block: readonly Column[], length: number) =>
    Object.fromEntries(
      // A block of few rows does not hold the memory of one of many.
      columns.map(([name], place) => [
        name,
        length === BLOCK ? block[place] : block[place]?.slice(0, length),
      ]),
    ) as unknown as TickBlocks[K];
  let block = newBlock();
  let filled = 0;
  for await (const chunk of chunks) {
    const { rowCount } = chunk;
    if (filled + rowCount > BLOCK) {
      yield named(block, filled);
      block = newBlock();
      filled = 0;
    }
    for (const [place, column] of block.entries()) {
      const vector = chunk.getColumnVector(place);
      for (let row = 0; row < rowCount; row += 1) column[filled + row] = Number(vector.getItem(row));
    }
    filled += rowCount;
  }
  if (filled > 0) yield named(block, filled);
}

function newColumn(type: StoredType): Column {
  switch (type) {
    case 'TINYINT':
      return new Int8Array(BLOCK);
    case 'UTINYINT':
      return new Uint8Array(BLOCK);
    case 'DOUBLE':
      return new Float64Array(BLOCK);
  }
}
