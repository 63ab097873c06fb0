import type { BarInterval, VenueInstrument } from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, max, min, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { FileKind, Places } from './columns.ts';
import type { ColumnRole, SourceConfig, TimeFormat } from './config.ts';
import { readDecimal, readScaled } from './decimals.ts';
import type { Row } from './duck.ts';
import type { FileEvent } from './file-event.ts';
import { fileFault } from './file-fault.ts';
import { barEndOf, barStartOf, isBarStart, zoneOf } from './intervals.ts';
import { timeReader } from './times.ts';
import { createZone } from './zone.ts';

/** Turns rows of one file into events. */
export interface RowReader {
  symbolOf(row: Row): string;
  /** Throws FeedError DATA_INVALID with the row's number, the column and the value. */
  read(row: Row, number: number, instrument: VenueInstrument): FileEvent;
}

export interface RowReaderOptions {
  readonly path: string;
  readonly source: SourceConfig;
  readonly kind: FileKind;
  /** Of bars always; of quotes and trades where they sum up an interval. */
  readonly interval: BarInterval | null;
  readonly timeFormat: TimeFormat;
  /** Roles in the order of a row's texts. */
  readonly roles: readonly ColumnRole[];
  readonly names: Readonly<Partial<Record<ColumnRole, string>>>;
  /** What the file's name says. */
  readonly symbol: string | null;
  readonly date: string | null;
}

export function createRowReader(options: RowReaderOptions): RowReader {
  const { date: fixedDate, interval, kind, names, path, roles, source } = options;
  const scale = parseDecimal(source.priceScale ?? '1');
  const place = Object.fromEntries(roles.map((role, index) => [role, index])) as Places;
  const ownZone = source.timeZone === undefined ? null : createZone(source.timeZone);
  const readers = new Map<string, ReturnType<typeof timeReader>>();

  const cell = (row: Row, role: ColumnRole): string => {
    const index = place[role];
    return index === undefined ? '' : (row[index] ?? '').trim();
  };

  function fail(row: Row, number: number, role: ColumnRole, problem: string): never {
    throw fileFault(path, problem, { row: number, column: names[role], value: cell(row, role) });
  }

  function timeOf(row: Row, number: number, instrument: VenueInstrument): number {
    const zone = ownZone ?? zoneOf(instrument);
    const reader = readers.get(zone.name) ?? timeReader(options.timeFormat, zone);
    readers.set(zone.name, reader);
    const own = place.date === undefined ? fixedDate : cell(row, 'date');
    const at = reader(cell(row, 'time'), own);
    return at ?? fail(row, number, 'time', `is no time (${options.timeFormat}, ${zone.name})`);
  }

  function priceOf(row: Row, number: number, role: ColumnRole): Fixed {
    const value = readScaled(cell(row, role), scale);
    if (value === undefined) return fail(row, number, role, 'is no decimal');
    return value > 0n ? value : fail(row, number, role, 'is no price above zero');
  }

  /** Of a quote: nothing and zero are a side that is not there. */
  function sideOf(row: Row, number: number, role: ColumnRole): string | null {
    const text = cell(row, role);
    const value = text === '' ? 0n : readScaled(text, scale);
    if (value === undefined || value < 0n) return fail(row, number, role, 'is no price');
    return value === 0n ? null : formatDecimal(value);
  }

  function sizeOf(row: Row, number: number, role: ColumnRole): string | null {
    const text = cell(row, role);
    if (text === '') return null;
    const value = readDecimal(text);
    if (value === undefined) return fail(row, number, role, 'is no decimal');
    return value >= 0n ? formatDecimal(value) : fail(row, number, role, 'is below zero');
  }

  function barOf(row: Row, number: number, instrument: VenueInstrument): FileEvent {
    const zone = zoneOf(instrument);
    const told = timeOf(row, number, instrument);
    const of = interval ?? 'DAY_1';
    const at = source.timeIs === 'end' ? barStartOf(told, of, zone) : told;
    if (!isBarStart(at, of, zone)) fail(row, number, 'time', `is not where bars of ${of} begin or end`);
    const [open, close] = [priceOf(row, number, 'open'), priceOf(row, number, 'close')];
    const [high, low] = [priceOf(row, number, 'high'), priceOf(row, number, 'low')];
    if (high < max(open, close)) fail(row, number, 'high', 'is below open, close or low');
    if (low > min(open, close)) fail(row, number, 'low', 'is above open or close');
    return {
      ...{ kind: 'bar', symbol: instrument.symbol, interval: of, at, isClosed: true },
      ...{ open: formatDecimal(open), high: formatDecimal(high) },
      ...{ low: formatDecimal(low), close: formatDecimal(close), volume: sizeOf(row, number, 'volume') },
    };
  }

  /** What sums up an interval is known at its end. */
  function instantOf(row: Row, number: number, instrument: VenueInstrument): number {
    const told = timeOf(row, number, instrument);
    return interval === null || source.timeIs === 'end' ? told : barEndOf(told, interval, zoneOf(instrument));
  }

  return {
    symbolOf: (row) => options.symbol ?? cell(row, 'symbol'),
    read(row, number, instrument) {
      if (kind === 'bars') return barOf(row, number, instrument);
      const at = instantOf(row, number, instrument);
      const { symbol } = instrument;
      if (kind === 'trades') {
        const price = formatDecimal(priceOf(row, number, 'price'));
        const size = sizeOf(row, number, 'size') ?? fail(row, number, 'size', 'is missing');
        return { kind: 'trade', symbol, at, price, size };
      }
      return {
        ...{ kind: 'quote', symbol, at },
        ...{ bid: sideOf(row, number, 'bid'), ask: sideOf(row, number, 'ask') },
        ...{ bidSize: sizeOf(row, number, 'bidSize'), askSize: sizeOf(row, number, 'askSize') },
        last: sideOf(row, number, 'last'),
      };
    },
  };
}
