import { statSync } from 'node:fs';
import { basename } from 'node:path';

import type { BarInterval, VenueInstrument } from '@omniquant/plugin-sdk';

import { type FileKind, findColumns, type Places } from './columns.ts';
import type { ColumnRole, SourceConfig, TimeFormat } from './config.ts';
import { type Duck, type Query, quoted } from './duck.ts';
import type { FileEvent } from './file-event.ts';
import { configFault, fileFault } from './file-fault.ts';
import { columnText, type FileHeader, readHeader } from './file-header.ts';
import { createRowReader, type RowReader } from './row-reader.ts';
import { timeConditions, type TimeRange } from './time-conditions.ts';
import { detectFormat } from './times.ts';

/** What a file has of one symbol: times of its first and last row. */
export interface Extent {
  readonly first: number;
  readonly last: number;
}

/** A file whose rows have all been read once, and found to be right. */
export interface DataFile {
  readonly path: string;
  readonly kind: FileKind;
  readonly interval: BarInterval | null;
  readonly extents: ReadonlyMap<string, Extent>;
  /** Rows of a symbol in a range, in the order of time. Throws FeedError DATA_INVALID, also when the file has changed. */
  read(symbol: string, range: TimeRange, signal: AbortSignal): AsyncIterable<FileEvent>;
}

export interface DataFileOptions {
  readonly duck: Duck;
  readonly path: string;
  readonly source: SourceConfig;
  /** Of the source, for messages. */
  readonly setting: string;
  instrument(symbol: string): VenueInstrument;
}

const SYMBOL = /^[A-Z0-9][A-Z0-9/_-]{0,31}(\.[A-Z][A-Z0-9_-]{0,15})?$/;

/** Reads a file through. Throws FeedError DATA_INVALID at the first row that is wrong. */
export async function openDataFile(options: DataFileOptions, signal: AbortSignal): Promise<DataFile> {
  const { duck, path, setting, source } = options;
  const stamp = stampOf(path);
  const header = await readHeader(duck, path, signal);
  const { kind, places } = findColumns(path, header.columns, source, setting);
  const form = { header, kind, places, roles: Object.keys(places) as ColumnRole[] };
  const sample = await firstTimes(options, form, signal);
  const fromName = readName(path, source, setting);
  const date = source.date ?? fromName.date;
  const timeFormat = formatOf(options, sample, places.date !== undefined || date !== null);
  const interval = source.interval ?? (kind === 'bars' ? intervalOf(path, timeFormat, sample.time) : null);
  const symbol = source.symbol ?? fromName.symbol;
  if (symbol === null && places.symbol === undefined) {
    throw configFault(
      `${setting}.symbol`,
      `${basename(path)} says no symbol; give symbol, columns.symbol or namePattern`,
    );
  }
  const reader = createRowReader({
    ...{ path, source, kind, interval, timeFormat, symbol, date },
    roles: form.roles,
    names: Object.fromEntries(form.roles.map((role) => [role, header.columns[places[role] ?? 0]])),
  });
  const extents = await readThrough(options, form, reader, signal);

  return {
    ...{ path, kind, interval, extents },
    async *read(wanted, range, aborted) {
      if (stampOf(path) !== stamp) {
        throw fileFault(path, 'has changed since it was read through; start the feed anew');
      }
      const instrument = options.instrument(wanted);
      const role: ColumnRole = places.date === undefined ? 'time' : 'date';
      const place = places[role] ?? 0;
      const column = {
        name: header.columns[place] ?? '',
        type: header.types[place] ?? '',
        isDate: role === 'date',
      };
      const conditions =
        role === 'time' && date !== null ? [] : timeConditions(column, timeFormat, sample[role], range);
      const isOneOfMany = symbol === null && places.symbol !== undefined;
      const ofSymbol = isOneOfMany ? [`trim(${quoted(header.columns[places.symbol] ?? '')}) = $2`] : [];
      const query = {
        ...queryOf(options, form),
        where: [...ofSymbol, ...conditions],
        values: isOneOfMany ? [path, wanted] : [path],
      };
      for await (const rows of duck.rows(query, aborted)) {
        for (const row of rows) {
          // Rows have their numbers where the whole file is read; these were right then.
          const event = reader.read(row, 0, instrument);
          if (range.to !== null && event.at >= range.to) return;
          if (event.at >= (range.from ?? event.at)) yield event;
        }
      }
    },
  };
}

interface Form {
  readonly header: FileHeader;
  readonly kind: FileKind;
  readonly places: Places;
  readonly roles: readonly ColumnRole[];
}

const queryOf = ({ path }: DataFileOptions, { header, places, roles }: Form): Query => ({
  columns: roles.map((role) => columnText(header, places[role] ?? 0)),
  from: header.from,
  where: [],
  values: [path],
});

const stampOf = (path: string): string => {
  const { mtimeMs, size } = statSync(path);
  return `${String(size)} ${String(mtimeMs)}`;
};

async function firstTimes(
  options: DataFileOptions,
  form: Form,
  signal: AbortSignal,
): Promise<{ readonly time: string; readonly date: string }> {
  const query = queryOf(options, form);
  try {
    for await (const rows of options.duck.rows({ ...query, from: `${query.from} LIMIT 1` }, signal)) {
      const cell = (role: ColumnRole): string => (rows[0]?.[form.roles.indexOf(role)] ?? '').trim();
      return { time: cell('time'), date: cell('date') };
    }
  } catch (cause) {
    throw unreadable(options.path, cause, signal);
  }
  throw fileFault(options.path, 'has no rows');
}

function formatOf(
  { path, setting, source }: DataFileOptions,
  { time }: { readonly time: string },
  hasDate: boolean,
): TimeFormat {
  const told = source.timeFormat ?? 'auto';
  if (told !== 'auto') return told;
  const found = detectFormat(time, hasDate);
  if (found !== undefined) return found;
  throw configFault(
    `${setting}.timeFormat`,
    `${basename(path)} has times like ${JSON.stringify(time)}: say how they are written`,
  );
}

/** Rows that have a date and no time are days. */
function intervalOf(path: string, format: TimeFormat, time: string): BarInterval {
  const hasTimes = time.includes(':') || format.startsWith('epoch') || format === 'milliseconds-of-day';
  if (!hasTimes) return 'DAY_1';
  throw fileFault(path, 'has bars of an unknown length: set interval');
}

function readName(
  path: string,
  { namePattern }: SourceConfig,
  setting: string,
): { readonly symbol: string | null; readonly date: string | null } {
  if (namePattern === undefined) return { symbol: null, date: null };
  let match: RegExpExecArray | null;
  try {
    match = new RegExp(namePattern, 'u').exec(basename(path));
  } catch (cause) {
    throw configFault(`${setting}.namePattern`, 'is no regular expression', { cause });
  }
  if (match === null) throw configFault(`${setting}.namePattern`, `does not fit ${basename(path)}`);
  return { symbol: match.groups?.['symbol']?.toUpperCase() ?? null, date: match.groups?.['date'] ?? null };
}

async function readThrough(
  options: DataFileOptions,
  form: Form,
  reader: RowReader,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Extent>> {
  const { path } = options;
  const extents = new Map<string, { readonly first: number; last: number }>();
  let number = 0;
  try {
    for await (const rows of options.duck.rows(queryOf(options, form), signal)) {
      for (const row of rows) {
        number += 1;
        const symbol = reader.symbolOf(row);
        const known = extents.get(symbol);
        if (known === undefined && !SYMBOL.test(symbol)) {
          throw fileFault(path, 'is no symbol', { row: number, column: 'symbol', value: symbol });
        }
        const event = reader.read(row, number, options.instrument(symbol));
        if (known === undefined) extents.set(symbol, { first: event.at, last: event.at });
        else {
          checkOrder(path, form.kind, known.last, event, number);
          known.last = event.at;
        }
      }
    }
  } catch (cause) {
    throw unreadable(path, cause, signal);
  }
  return extents;
}

function checkOrder(path: string, kind: FileKind, last: number, event: FileEvent, row: number): void {
  const { at, symbol } = event;
  const time = new Date(at).toISOString();
  if (at < last) {
    throw fileFault(path, `${symbol} at ${time} is before the row before it: sort the file by time`, { row });
  }
  if (at === last && kind === 'bars') {
    throw fileFault(path, `there are two bars of ${symbol} at ${time}`, { row });
  }
}

/** DuckDB's own words on a file that it cannot read, without its advice. */
export function unreadable(path: string, cause: unknown, signal: AbortSignal): unknown {
  signal.throwIfAborted();
  // Not by its class: DuckDB makes its errors outside of whatever realm this runs in.
  const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
  if (code !== undefined || typeof message !== 'string') return cause;
  const words = message.split('\n');
  const [first = '', second = '', third = ''] = words;
  const line = /Line: (\d+)/.exec(first)?.[1];
  if (line === undefined) return fileFault(path, first, {}, { cause });
  const problem = third.startsWith('Expected') ? third : first;
  // The header is the first line.
  return fileFault(
    path,
    problem,
    { row: Number(line) - 1, value: second.replace('Original Line: ', '') },
    { cause },
  );
}
