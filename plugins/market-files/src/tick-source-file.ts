import { basename } from 'node:path';

import type { VenueInstrument } from '@omniquant/plugin-sdk';

import { unreadable } from './data-file.ts';
import type { Duck, Query } from './duck.ts';
import { configFault, fileFault } from './file-fault.ts';
import { columnText, type FileHeader, readHeader } from './file-header.ts';
import { barEndOf, zoneOf } from './intervals.ts';
import { createTickCells, type TickCells } from './tick-cells.ts';
import type { TickReading } from './tick-config.ts';
import { NEEDED_ROLES, ROLES_OF, type TickRole, USUAL_NAMES } from './tick-kinds.ts';
import { detectTickFormat, tickTimeReader } from './tick-times.ts';
import { createZone, type Zone } from './zone.ts';

/** A file of ticks, of which nothing but the first row has been looked at. */
export interface TickSourceFile {
  readonly path: string;
  /** Epoch ms. */
  readonly firstAt: number;
  /**
   * Visits each row in the order of the file, with the cells turned to it; the next after the promise that a visit
   * returns. Rejects with FeedError DATA_INVALID for a row, a symbol or a time that is none, and with the signal's reason.
   */
  readonly visit: (onRow: (row: TickRow) => Promise<void> | null, signal: AbortSignal) => Promise<void>;
}

export interface TickRow {
  readonly symbol: string;
  /** Epoch ms, with a fraction; of what sums up an interval its end. */
  readonly at: number;
  readonly number: number;
  readonly cells: TickCells;
}

export interface TickSourceOptions {
  readonly duck: Duck;
  readonly path: string;
  readonly reading: TickReading;
  /** When a symbol trades: times without an offset are on the clock of its market. */
  readonly calendarOf: (symbol: string) => VenueInstrument['calendar'];
}

const SYMBOL = /^[A-Z0-9][A-Z0-9/_-]{0,31}(\.[A-Z][A-Z0-9_-]{0,15})?$/;

/** Finds the columns. Throws FeedError CONFIG_INVALID naming the setting, DATA_INVALID naming the file. */
export async function openTickSource(
  options: TickSourceOptions,
  signal: AbortSignal,
): Promise<TickSourceFile> {
  const { duck, path, reading } = options;
  const header = await readHeader(duck, path, signal);
  const places = findRoles(path, header, reading);
  const roles = [...places.keys()];
  const query: Query = {
    columns: roles.map((role) => columnText(header, places.get(role) ?? 0)),
    ...{ from: header.from, where: [], values: [path] },
  };
  const cells = createTickCells({
    ...{ path, roles, priceScale: reading.priceScale ?? '1' },
    names: Object.fromEntries(roles.map((role) => [role, header.columns[places.get(role) ?? 0]])),
  });
  const first = await firstRow(options, query, signal);
  cells.turnTo(first, 1);
  const read = rowReader(options, cells);
  return {
    path,
    firstAt: read(1).at,
    async visit(onRow, aborted) {
      let number = 0;
      try {
        for await (const batch of duck.rows(query, aborted)) {
          for (const row of batch) {
            number += 1;
            cells.turnTo(row, number);
            const visited = onRow(read(number));
            if (visited !== null) await visited;
          }
        }
      } catch (cause) {
        throw unreadable(path, cause, aborted);
      }
    },
  };
}

function findRoles(
  path: string,
  header: FileHeader,
  { columns = {}, kind, symbol }: TickReading,
): ReadonlyMap<TickRole, number> {
  const plain = header.columns.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const placeOf = (role: TickRole): number => {
    const told = columns[role];
    if (told === undefined) {
      // A symbol that was told holds for all rows.
      if (role === 'symbol' && symbol !== undefined) return -1;
      return USUAL_NAMES[role].map((name) => plain.indexOf(name)).find((place) => place >= 0) ?? -1;
    }
    const place = header.columns.indexOf(told);
    if (place >= 0) return place;
    const there = header.columns.join(', ');
    throw configFault(`columns.${role}`, `there is no column ${told} in ${basename(path)}, but ${there}`);
  };
  const places = new Map(
    ROLES_OF[kind].map((role) => [role, placeOf(role)] as const).filter(([, place]) => place >= 0),
  );
  if (places.get('date') === places.get('time')) places.delete('date');
  const lacking = NEEDED_ROLES[kind].find((role) => !places.has(role));
  const lacksAction = kind === 'L2' && !places.has('action') && !places.has('snapshot');
  if (lacking === undefined && !lacksAction) return places;
  const what = lacking ?? 'action';
  const instead = lacksAction && lacking === undefined ? ' (or columns.snapshot, true and false)' : '';
  throw fileFault(
    path,
    `has no ${what} among ${header.columns.join(', ')}: name it with columns.${what}${instead}`,
  );
}

async function firstRow({ duck, path }: TickSourceOptions, query: Query, signal: AbortSignal) {
  try {
    for await (const [row] of duck.rows({ ...query, from: `${query.from} LIMIT 1` }, signal)) {
      if (row !== undefined) return row;
    }
  } catch (cause) {
    throw unreadable(path, cause, signal);
  }
  throw fileFault(path, 'has no rows');
}

/** Reads what every row has: symbol and time. */
function rowReader({ calendarOf, path, reading }: TickSourceOptions, cells: TickCells) {
  const { interval, timeIs } = reading;
  const format = formatOf(path, reading, cells);
  const ownZone = reading.timeZone === undefined ? null : createZone(reading.timeZone);
  const known = new Map<string, { readonly zone: Zone; readonly time: ReturnType<typeof tickTimeReader> }>();

  function firstOf(symbol: string) {
    if (!SYMBOL.test(symbol)) {
      if (symbol !== '' || cells.has('symbol')) cells.fail('symbol', 'is no symbol');
      throw configFault('symbol', `${basename(path)} says no symbol; give symbol or columns.symbol`);
    }
    const zone = ownZone ?? zoneOf({ calendar: calendarOf(symbol) });
    const one = { zone, time: tickTimeReader(format, zone) };
    known.set(symbol, one);
    return one;
  }

  return (number: number): TickRow => {
    const symbol = reading.symbol ?? cells.text('symbol');
    const { time, zone } = known.get(symbol) ?? firstOf(symbol);
    const date = cells.has('date') ? cells.text('date') : (reading.date ?? null);
    const told = time(cells.text('time'), date);
    if (told === undefined) return cells.fail('time', `is no time (${format}, ${zone.name})`);
    const isEnd = interval === undefined || timeIs === 'end';
    const at = isEnd ? told : barEndOf(told, interval, zoneOf({ calendar: calendarOf(symbol) }));
    return { symbol, at, number, cells };
  };
}

function formatOf(path: string, { date, timeFormat = 'auto' }: TickReading, cells: TickCells) {
  if (timeFormat !== 'auto') return timeFormat;
  const found = detectTickFormat(cells.text('time'), cells.has('date') || date !== undefined);
  if (found !== undefined) return found;
  const time = JSON.stringify(cells.text('time'));
  throw configFault('timeFormat', `${basename(path)} has times like ${time}: say how they are written`);
}
