import { mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import type { TextTable } from '@omniquant/market-files';

import type { CorporateAction, StoredActions } from '../../../core/backtest/corporate-actions.ts';
import { nearestHint } from '../../services/nearest-text.ts';
import {
  ACTION_COLUMNS,
  type ActionColumn,
  actionColumnNamed,
  actionFault,
  actionReader,
  requireColumns,
} from './corporate-action-rows.ts';
import { inImportFolder } from './import-folder.ts';
import { inTermsOfImport } from './import-terms.ts';
import { MarketDataError } from './market-data-error.ts';
import { loadMarketFiles, withDuckDB } from './market-files-library.ts';
import { renameDurably } from './rename-durably.ts';
import { symbolFolder } from './series-manifest.ts';
import { actionsContent, actionsFile } from './stored-actions.ts';

/** Files of splits and dividends that are to be imported. */
export interface ActionsImportRequest {
  /** Paths of CSV files, also with .gz, and Parquet files. */
  readonly files: readonly string[];
  readonly reading: {
    /** Of all rows, where no column says it. */
    readonly symbol?: string;
    /** Names of columns that are not called as usual. */
    readonly columns?: Readonly<Partial<Record<ActionColumn, string>>>;
  };
}

/** Of all files together. */
const MOST_ROWS = 1_000_000;

/**
 * Reads files through and keeps their splits and dividends beside the series of their symbols, in place of what these had;
 * symbols that the files do not name keep theirs. Of an import that fails, is aborted or is killed while it reads nothing
 * is there. Answers with what is now in use.
 * @throws MarketDataError BAD_USER_INPUT with the option, DATA_INVALID with file, row and what is wrong in it,
 * NOT_INSTALLED.
 */
export async function importActions(
  folder: string,
  { files, reading }: ActionsImportRequest,
  signal: AbortSignal,
): Promise<readonly StoredActions[]> {
  checkColumns(reading.columns ?? {});
  const read = actionReader(reading.symbol === undefined ? [] : [reading.symbol]);
  const all: CorporateAction[] = [];
  for (const file of files) {
    const table = await tableOf(realFile(file), MOST_ROWS - all.length, signal);
    all.push(...actionsOf(table, reading, `file ${basename(file)}`, read));
  }
  const source = files.map((file) => basename(file)).join(', ');
  const stored = [...Map.groupBy(all, ({ symbol }) => symbol)]
    .map(([symbol, actions]): StoredActions => ({ symbol, source, actions: actions.toSorted(byDay) }))
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  await inImportFolder(folder, ({ within, working }) => {
    const written = stored.map((each, index) => {
      const path = join(working, `${String(index)}.json`);
      writeFileSync(path, `${JSON.stringify(actionsContent(each), null, 2)}\n`);
      return { path, symbol: each.symbol };
    });
    signal.throwIfAborted();
    for (const { path, symbol } of written) {
      mkdirSync(symbolFolder(within, symbol), { recursive: true });
      renameDurably(path, actionsFile(within, symbol));
    }
    return Promise.resolve();
  });
  return stored;
}

const byDay = (a: CorporateAction, b: CorporateAction): number => (a.exDay < b.exDay ? -1 : 1);

function realFile(file: string): string {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return realpathSync(file);
  throw new MarketDataError('BAD_USER_INPUT', `${resolve(file)} is no file`, 'file');
}

async function tableOf(file: string, mostRows: number, signal: AbortSignal): Promise<TextTable> {
  const { readTextTable } = await loadMarketFiles();
  return withDuckDB(() => readTextTable(file, mostRows, signal)).catch((error: unknown) => {
    throw inTermsOfImport(error);
  });
}

function checkColumns(columns: Readonly<Record<string, unknown>>): void {
  for (const [name, column] of Object.entries(columns)) {
    const field = `columns.${name}`;
    if (!(ACTION_COLUMNS as readonly string[]).includes(name)) {
      const problem = `${field} is none of ${ACTION_COLUMNS.join(', ')}${nearestHint(name, ACTION_COLUMNS)}`;
      throw new MarketDataError('BAD_USER_INPUT', problem, field);
    }
    if (typeof column !== 'string') {
      throw new MarketDataError('BAD_USER_INPUT', `${field} has to be the name of a column`, field);
    }
  }
}

function actionsOf(
  { columns, rows }: TextTable,
  { columns: told = {}, symbol }: ActionsImportRequest['reading'],
  file: string,
  read: ReturnType<typeof actionReader>,
): readonly CorporateAction[] {
  const places = placesOf(columns, told, file);
  // A symbol that was told holds for all rows.
  if (symbol !== undefined) places.delete('symbol');
  else if (!places.has('symbol')) {
    throw new MarketDataError(
      'BAD_USER_INPUT',
      `symbol is missing: ${file} has no column of symbols`,
      'symbol',
    );
  }
  requireColumns([...places.keys()], columns, file);
  return rows.map((row, index) => {
    const place = `${file}, row ${String(index + 1)}`;
    const cells = new Map([...places].map(([column, at]) => [column, row[at] ?? ''] as const));
    if (cells.get('symbol') === '') throw actionFault(place, 'names no symbol');
    return read(cells, place);
  });
}

/** Where in a row what is. */
function placesOf(
  names: readonly string[],
  told: Readonly<Partial<Record<ActionColumn, string>>>,
  file: string,
): Map<ActionColumn, number> {
  const places = new Map<ActionColumn, number>();
  names.forEach((name, place) => {
    const column = actionColumnNamed(name);
    if (column !== undefined && !places.has(column)) places.set(column, place);
  });
  for (const [column, name] of Object.entries(told) as [ActionColumn, string][]) {
    const place = names.indexOf(name);
    if (place < 0) {
      const field = `columns.${column}`;
      const problem = `${field} is ${name}, which is no column of ${file}, but ${names.join(', ')}`;
      throw new MarketDataError('BAD_USER_INPUT', problem, field);
    }
    places.set(column, place);
  }
  return places;
}
