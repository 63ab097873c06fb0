import type { DuckDBInstance } from '@duckdb/node-api';

import { openInstance } from './duck.ts';

/** One DuckDB for all who read files of a folder: it is there while any does. */
export function createDuckLender(folder: string) {
  let readers = 0;
  let opened: Promise<DuckDBInstance> | null = null;
  return {
    take(): Promise<DuckDBInstance> {
      readers += 1;
      const mine = (opened ??= openInstance(':memory:', [folder]));
      return mine.catch((error: unknown) => {
        readers -= 1;
        if (opened === mine) opened = null;
        throw error;
      });
    },
    async giveBack(): Promise<void> {
      readers -= 1;
      if (readers > 0) return;
      const last = opened;
      opened = null;
      (await last)?.closeSync();
    },
  };
}
