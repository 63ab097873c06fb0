import { readFileSync } from 'node:fs';

import type { CorporateAction } from '../../../core/backtest/corporate-actions.ts';
import {
  actionColumnNamed,
  actionFault,
  actionReader,
  type ActionRow,
  requireColumns,
} from './corporate-action-rows.ts';
import { MarketDataError } from './market-data-error.ts';

/**
 * Splits and dividends of a file: JSON (a list of objects), or CSV with a header, with the columns symbol (which may be
 * left out for the only symbol of a run), date, type (split or dividend) and value.
 * @throws MarketDataError that names file, row and reason; nothing of such a file counts.
 */
export function readCorporateActions(path: string, symbols: readonly string[]): readonly CorporateAction[] {
  const text = contentOf(path);
  const isJson = text.trimStart().startsWith('[');
  const rows = isJson ? jsonRows(path, text) : csvRows(path, text);
  const read = actionReader(symbols);
  return rows.map((row, index) => read(row, `${path}, row ${String(index + (isJson ? 1 : 2))}`));
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new MarketDataError('BAD_USER_INPUT', `${path} cannot be read`, 'actions', { cause });
  }
}

function rowOf(cells: readonly (readonly [string, string])[]): ActionRow {
  return new Map(
    cells.flatMap(([name, cell]) => {
      const column = actionColumnNamed(name);
      return column === undefined ? [] : [[column, cell.trim()] as const];
    }),
  );
}

function csvRows(path: string, text: string): readonly ActionRow[] {
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const separator = header.includes(';') ? ';' : ',';
  const names = header.split(separator);
  requireColumns(names.map(actionColumnNamed), names, path);
  return lines.map((line, index) => {
    const cells = line.split(separator);
    if (cells.length !== names.length) {
      throw actionFault(`${path}, row ${String(index + 2)}`, 'has another number of cells than the header');
    }
    return rowOf(names.map((name, place) => [name, cells[place] ?? ''] as const));
  });
}

function jsonRows(path: string, text: string): readonly ActionRow[] {
  try {
    return (JSON.parse(text) as readonly Readonly<Record<string, unknown>>[]).map((row) =>
      rowOf(Object.entries(row).map(([name, value]) => [name, String(value)] as const)),
    );
  } catch (cause) {
    throw actionFault(path, 'is no list of objects', cause);
  }
}
