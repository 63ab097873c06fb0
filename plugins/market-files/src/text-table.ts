import { dirname } from 'node:path';

import { unreadable } from './data-file.ts';
import { openDuck } from './duck.ts';
import { fileFault } from './file-fault.ts';
import { columnText, readHeader } from './file-header.ts';

/** A file of any columns, read as texts. */
export interface TextTable {
  readonly columns: readonly string[];
  /** Each with a text for every column, in the order of the file; an empty one where there is nothing. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads a small table whole: CSV, also with .gz, or Parquet, by its absolute path without links. Rejects with FeedError
 * DATA_INVALID, with the row where one is not as the header says, for a file that has no rows or more than `mostRows`.
 */
export async function readTextTable(path: string, mostRows: number, signal: AbortSignal): Promise<TextTable> {
  const duck = await openDuck([dirname(path)]);
  try {
    const header = await readHeader(duck, path, signal);
    const query = {
      columns: header.columns.map((_, index) => columnText(header, index)),
      ...{ from: header.from, where: [], values: [path] },
    };
    const rows: (readonly string[])[] = [];
    try {
      for await (const batch of duck.rows(query, signal)) {
        for (const row of batch) rows.push(row.map((cell) => cell.trim()));
        if (rows.length > mostRows) throw fileFault(path, `has more than ${String(mostRows)} rows`);
      }
    } catch (cause) {
      throw unreadable(path, cause, signal);
    }
    if (rows.length === 0) throw fileFault(path, 'has no rows');
    return { columns: header.columns, rows };
  } finally {
    duck.close();
  }
}
