import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

import type { BarBlock } from './bar-file.ts';
import { createDuckLender } from './duck-lender.ts';
import { fileFault } from './file-fault.ts';
import type { TimeRange } from './time-conditions.ts';

/** Reads the files of `writeBarFile`. */
export interface BarFiles {
  /**
   * Bars that start in a range, block by block. Throws FeedError DATA_INVALID for a file that is none or is damaged, and the
   * signal's reason.
   * @param path Absolute, in the folder or below it.
   */
  read(path: string, range: TimeRange, signal: AbortSignal): AsyncGenerator<BarBlock>;
}

type Columns = { -readonly [K in keyof BarBlock]: BarBlock[K] };

const COLUMNS = [
  'at',
  'open',
  'high',
  'low',
  'close',
  'volume',
] as const satisfies readonly (keyof BarBlock)[];
/** Bars of one block, at most. */
const BLOCK = 16_384;

/**
 * The files of a folder. Hundreds may be read at the same time: they share one DuckDB, which is there while any is read.
 */
export function barFiles(folder: string): BarFiles {
  const lender = createDuckLender(folder);
  return {
    async *read(path, range, signal) {
      signal.throwIfAborted();
      const instance = await lender.take();
      try {
        const connection = await instance.connect();
        try {
          yield* blocksOf(chunksOf(connection, path, range, signal));
        } finally {
          connection.closeSync();
        }
      } finally {
        await lender.giveBack();
      }
    },
  };
}

async function* chunksOf(
  connection: DuckDBConnection,
  path: string,
  { from, to }: TimeRange,
  signal: AbortSignal,
): AsyncGenerator<DuckDBDataChunk> {
  const damaged = (cause: unknown): unknown =>
    fileFault(path, 'cannot be read as bars; it is damaged, or not of this version', {}, { cause });
  const bounds = [
    ...(from === null ? [] : [`"time" >= ${String(Math.ceil(from))}`]),
    ...(to === null ? [] : [`"time" < ${String(Math.ceil(to))}`]),
  ];
  const where = bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`;
  const prices = `open, high, low, close, coalesce(volume, 'NaN'::DOUBLE)`;
  const sql = `SELECT "time"::DOUBLE, ${prices} FROM read_parquet($1)${where}`;
  const result = await connection.stream(sql, [path]).catch((cause: unknown) => {
    throw damaged(cause);
  });
  for (;;) {
    signal.throwIfAborted();
    const chunk = await result.fetchChunk().catch((cause: unknown) => {
      throw damaged(cause);
    });
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk;
  }
}

async function* blocksOf(chunks: AsyncIterable<DuckDBDataChunk>): AsyncGenerator<BarBlock> {
  let block = newBlock();
  let filled = 0;
  for await (const chunk of chunks) {
    const { rowCount } = chunk;
    if (filled + rowCount > BLOCK) {
      yield cut(block, filled);
      block = newBlock();
      filled = 0;
    }
    for (const [index, name] of COLUMNS.entries()) {
      const vector = chunk.getColumnVector(index);
      const column = block[name];
      for (let row = 0; row < rowCount; row += 1) column[filled + row] = Number(vector.getItem(row));
    }
    filled += rowCount;
  }
  if (filled > 0) yield cut(block, filled);
}

const newBlock = (): Columns => eachColumn(() => new Float64Array(BLOCK));

/** A block of few bars does not hold the memory of one of many. */
const cut = (block: BarBlock, length: number): BarBlock =>
  length === BLOCK ? block : eachColumn((name) => block[name].slice(0, length));

const eachColumn = (make: (name: keyof BarBlock) => Float64Array): Columns => ({
  ...{ at: make('at'), open: make('open'), high: make('high') },
  ...{ low: make('low'), close: make('close'), volume: make('volume') },
});
