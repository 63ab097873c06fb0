import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

import type { DuckDBConnection } from '@duckdb/node-api';
import type { VenueBar } from '@omniquant/plugin-sdk';

import { literal, openInstance } from './duck.ts';
import { fileFault } from './file-fault.ts';

/*
 * Bars of one series as Parquet, for being read often and fast: `time` is the start of a bar in epoch ms, prices are
 * doubles, as strategies see them, and a volume that is not known is missing. What other programs write is read, and
 * checked, by openMarketFiles.
 */

/** Bars as columns of equal length, in ascending order of their starts. */
export interface BarBlock {
  /** Starts, epoch ms. */
  readonly at: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Units; NaN where it is not known. */
  readonly volume: Float64Array;
}

export interface BarFileExtent {
  readonly rows: number;
  /** Starts of the first and the last bar, epoch ms. */
  readonly first: number;
  readonly last: number;
}

/** Rows of a row group: what is read at once of a file, and left out as a whole where a range does not need it. */
const ROW_GROUP = 16_384;
/** Rows that are appended between two looks at the signal, and that DuckDB holds back. */
const APPENDED = 50_000;

/**
 * Writes bars of one series, in ascending order, to a file that is not there yet. Memory does not grow with their number:
 * until the end they are in a database beside the file, which is gone afterwards. Rejects with the signal's reason, or
 * with FeedError DATA_INVALID where there are no bars; then there may be a part of a file.
 */
export async function writeBarFile(
  path: string,
  bars: AsyncIterable<Pick<VenueBar, Exclude<keyof BarBlock, 'at'> | 'at'>>,
  signal: AbortSignal,
): Promise<BarFileExtent> {
  const working = `${path}.duckdb`;
  const instance = await openInstance(working, [dirname(path)]);
  try {
    const connection = await instance.connect();
    await connection.run(
      'CREATE TABLE bars("time" BIGINT, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE, volume DOUBLE)',
    );
    const extent = await append(connection, bars, signal);
    if (extent === null) throw fileFault(path, 'has no rows');
    await connection.run(
      `COPY bars TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${String(ROW_GROUP)})`,
    );
    connection.closeSync();
    return extent;
  } finally {
    instance.closeSync();
    for (const rest of [working, `${working}.wal`, `${working}.tmp`]) {
      rmSync(rest, { recursive: true, force: true });
    }
  }
}

async function append(
  connection: DuckDBConnection,
  bars: Parameters<typeof writeBarFile>[1],
  signal: AbortSignal,
): Promise<BarFileExtent | null> {
  const appender = await connection.createAppender('bars');
  let rows = 0;
  let [first, last] = [0, 0];
  for await (const { at, close, high, low, open, volume } of bars) {
    appender.appendBigInt(BigInt(at));
    for (const price of [open, high, low, close]) appender.appendDouble(Number(price));
    if (volume === null) appender.appendNull();
    else appender.appendDouble(Number(volume));
    appender.endRow();
    if (rows === 0) first = at;
    last = at;
    rows += 1;
    if (rows % APPENDED === 0) {
      signal.throwIfAborted();
      appender.flushSync();
    }
  }
  appender.closeSync();
  return rows === 0 ? null : { rows, first, last };
}
