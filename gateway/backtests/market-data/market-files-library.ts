import type * as MarketFiles from '@omniquant/market-files';

import { MarketDataError } from './market-data-error.ts';

export type MarketFilesLibrary = typeof MarketFiles;

/** Nobody who only looks at the bars that come by npm loads DuckDB. Throws MarketDataError NOT_INSTALLED. */
export function loadMarketFiles(): Promise<MarketFilesLibrary> {
  return withDuckDB(() => import('@omniquant/market-files'));
}

const ABSENT = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED']);

/** Does what needs DuckDB. Throws MarketDataError NOT_INSTALLED, with what to install, where it is not there. */
export async function withDuckDB<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
    if (/Error loading duckdb native binding/.test(String(message))) {
      const machine = `${process.platform} ${process.arch}`;
      throw new MarketDataError(
        'NOT_INSTALLED',
        `CSV and Parquet files are read and written by DuckDB, which has no build for ${machine}`,
        null,
        { cause },
      );
    }
    const isAbsent = ABSENT.has(String(code)) && /duckdb|market-files/.test(String(message));
    if (!isAbsent) throw cause;
    throw new MarketDataError(
      'NOT_INSTALLED',
      'CSV and Parquet files are read and written by DuckDB, which is not installed here: run ' +
        'npm install --no-save @duckdb/node-api@1.5.6-r.1',
      null,
      { cause },
    );
  }
}
