import { basename, dirname, join } from 'node:path';

import type { VenueInstrument } from '@omniquant/plugin-sdk';

import { openDuck } from './duck.ts';
import { configFault, fileFault } from './file-fault.ts';
import type { TickReading } from './tick-config.ts';
import { STORED_COLUMNS, type TickKind } from './tick-kinds.ts';
import type { TickRules } from './tick-rule.ts';
import { tickRules } from './tick-rules.ts';
import { openTickSource, type TickRow, type TickSourceFile } from './tick-source-file.ts';
import { openTickTables, type TickTables } from './tick-tables.ts';
import { createZone } from './zone.ts';

export interface TickImport {
  /** Absolute paths without links: CSV, also with .gz, and Parquet. They become one series a symbol. */
  readonly files: readonly string[];
  readonly reading: TickReading;
  readonly calendarOf: (symbol: string) => VenueInstrument['calendar'];
}

/** A series that was checked and written. */
export interface ImportedTicks {
  readonly symbol: string;
  /** Its Parquet file, for `tickFiles`. */
  readonly path: string;
  readonly rows: number;
  /** Times of the first and the last row, epoch ms with a fraction. */
  readonly first: number;
  readonly last: number;
  /** Most digits behind the point of a price. */
  readonly decimals: number;
  readonly highest: number;
  /** Of a book, where messages are missing; the first few in words. */
  readonly gaps: number;
  readonly firstGaps: readonly string[];
}

type Writing = { -readonly [K in keyof ImportedTicks]: ImportedTicks[K] } & {
  readonly table: number;
  readonly rules: TickRules;
  readonly firstGaps: string[];
};

const GAPS_TOLD = 5;

/**
 * Reads files of ticks through, once, and writes each symbol's to a Parquet file in the folder. Rejects with FeedError
 * CONFIG_INVALID naming the setting, DATA_INVALID with file, row, column and value, and the signal's reason; then files
 * may be there, which nobody should use. Memory does not grow with the number of rows.
 */
export async function importTicks(
  { calendarOf, files, reading }: TickImport,
  folder: string,
  signal: AbortSignal,
): Promise<readonly ImportedTicks[]> {
  checkReading(reading);
  const duck = await openDuck([...new Set(files.map((file) => dirname(file)))]);
  try {
    const sources: TickSourceFile[] = [];
    for (const path of files) {
      sources.push(await openTickSource({ duck, path, reading, calendarOf }, signal));
    }
    sources.sort((a, b) => a.firstAt - b.firstAt);
    const tables = await openTickTables(reading.kind, join(folder, '.ticks.duckdb'));
    try {
      const all = await readThrough(sources, reading, tables, signal);
      for (const [index, one] of all.entries()) {
        signal.throwIfAborted();
        one.path = join(folder, `${String(index)}.parquet`);
        await tables.write(one.table, one.path);
      }
      return all.map(({ rules: _, table: __, ...one }) => one);
    } finally {
      tables.close();
    }
  } finally {
    duck.close();
  }
}

function checkReading({ priceScale, timeZone }: TickReading): void {
  if (Number(priceScale ?? '1') === 0) throw configFault('priceScale', 'has to be above zero');
  if (timeZone === undefined) return;
  try {
    createZone(timeZone);
  } catch (cause) {
    throw configFault('timeZone', `${timeZone} is no time zone`, { cause });
  }
}

async function readThrough(
  sources: readonly TickSourceFile[],
  reading: TickReading,
  tables: TickTables,
  signal: AbortSignal,
): Promise<readonly Writing[]> {
  const all = new Map<string, Writing>();
  const current = { file: '', row: 0 };
  for (const { path, visit } of sources) {
    current.file = basename(path);
    const take = (one: Writing, row: TickRow): void => {
      checkOrder(one, row, path);
      add(one, row, reading.kind, tables);
    };
    await visit((row) => {
      current.row = row.number;
      const known = all.get(row.symbol);
      if (known === undefined) {
        return tables.open().then((table) => {
          const one = begin(row.symbol, table, reading, current);
          all.set(row.symbol, one);
          take(one, row);
        });
      }
      take(known, row);
      return null;
    }, signal);
  }
  return [...all.values()].filter(({ rows }) => rows > 0);
}

function begin(
  symbol: string,
  table: number,
  { gaps, kind }: TickReading,
  current: { readonly file: string; readonly row: number },
): Writing {
  const onGap = (problem: string): void => {
    one.gaps += 1;
    if (one.firstGaps.length < GAPS_TOLD) {
      one.firstGaps.push(`file ${current.file}, row ${String(current.row)}: ${problem}`);
    }
  };
  const one: Writing = {
    ...{ symbol, table, path: '', rows: 0, first: NaN, last: NaN, decimals: 0, highest: 0, gaps: 0 },
    firstGaps: [],
    rules: tickRules(kind, { symbol, onGap: gaps === 'keep' ? onGap : null }),
  };
  return one;
}

function checkOrder({ last }: Writing, { at, number, symbol }: TickRow, path: string): void {
  if (!(at < last)) return;
  const time = new Date(at).toISOString();
  const problem = `${symbol} at ${time} is before the row before it: sort the rows by time`;
  throw fileFault(path, problem, { row: number });
}

function add(one: Writing, { at, cells }: TickRow, kind: TickKind, tables: TickTables): void {
  if (one.rows === 0) one.first = at;
  one.last = at;
  one.rules.read(cells, at, (values) => {
    tables.append(one.table, values);
    one.rows += 1;
    for (const place of PRICES[kind]) watchPrice(one, values[place] ?? NaN);
  });
}

const pricesOf = (kind: TickKind): readonly number[] =>
  STORED_COLUMNS[kind].flatMap(([name], place) => (['bid', 'ask', 'price'].includes(name) ? [place] : []));

/** Where in a row its prices are. */
const PRICES: Readonly<Record<TickKind, readonly number[]>> = {
  ...{ QUOTES: pricesOf('QUOTES'), TRADES: pricesOf('TRADES'), L2: pricesOf('L2'), L3: pricesOf('L3') },
};

/** A float that is not nearer than so to a whole number of steps has more digits than they. */
const ROUNDING = 1e-6;

function watchPrice(one: Writing, price: number): void {
  if (Number.isNaN(price)) return;
  one.highest = Math.max(one.highest, price);
  const steps = price * 10 ** one.decimals;
  if (Math.abs(steps - Math.round(steps)) > ROUNDING) one.decimals = decimalsOf(price);
}

/** Of the shortest text that means it. */
function decimalsOf(price: number): number {
  const [digits = '', exponent = '0'] = String(price).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}
