import type { ColumnRole, SourceConfig } from './config.ts';
import { configFault, fileFault } from './file-fault.ts';

/** Usual names, compared without case, spaces and signs; the first that a file has counts. */
const USUAL: Readonly<Record<ColumnRole, readonly string[]>> = {
  time: [
    ...['time', 'timestamp', 'datetime', 'ts', 't', 'opentime', 'start', 'starttime', 'startet', 'begin'],
    ...['mssincemidnightet', 'mssincemidnight', 'tsevent', 'date', 'day'],
  ],
  date: ['date', 'day'],
  symbol: ['symbol', 'ticker', 'instrument', 'sym'],
  open: ['open', 'o', 'openprice', 'open1e4'],
  high: ['high', 'h', 'highprice', 'high1e4'],
  low: ['low', 'l', 'lowprice', 'low1e4'],
  close: ['close', 'c', 'closeprice', 'close1e4'],
  volume: ['volume', 'v', 'vol', 'basevolume'],
  bid: ['bid', 'bidprice', 'bidpx', 'bid1e4', 'bidclose'],
  ask: ['ask', 'askprice', 'askpx', 'offer', 'ask1e4', 'askclose'],
  bidSize: ['bidsize', 'bidqty', 'bidsz', 'bidquantity'],
  askSize: ['asksize', 'askqty', 'asksz', 'askquantity', 'offersize'],
  last: ['last', 'lastprice', 'lastpx'],
  price: ['price', 'px', 'p', 'tradeprice', 'price1e4'],
  size: ['size', 'qty', 'quantity', 'amount', 'sz', 'tradesize'],
};

export type FileKind = 'bars' | 'quotes' | 'trades';

/** Where in a row what is: places among the file's columns. */
export type Places = Readonly<Partial<Record<ColumnRole, number>>>;

const NEEDED: Readonly<Record<FileKind, readonly ColumnRole[]>> = {
  bars: ['time', 'open', 'high', 'low', 'close'],
  quotes: ['time', 'bid', 'ask'],
  trades: ['time', 'price', 'size'],
};
const OF_KIND: Readonly<Record<FileKind, readonly ColumnRole[]>> = {
  bars: ['time', 'date', 'symbol', 'open', 'high', 'low', 'close', 'volume'],
  quotes: ['time', 'date', 'symbol', 'bid', 'ask', 'bidSize', 'askSize', 'last'],
  trades: ['time', 'date', 'symbol', 'price', 'size'],
};
const KINDS: readonly FileKind[] = ['bars', 'quotes', 'trades'];

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** What a file holds, by its columns. Throws FeedError when that is not plain, and says what to set. */
export function findColumns(
  path: string,
  names: readonly string[],
  source: SourceConfig,
  setting: string,
): { readonly kind: FileKind; readonly places: Places } {
  const all = Object.fromEntries(
    (Object.keys(USUAL) as ColumnRole[]).flatMap((role) => {
      const place = placeOf(role, names, source, setting, path);
      return place === undefined ? [] : [[role, place] as const];
    }),
  ) as Places;
  const missing = (kind: FileKind): readonly ColumnRole[] =>
    NEEDED[kind].filter((role) => all[role] === undefined);
  const kind = source.kind ?? KINDS.find((each) => missing(each).length === 0);
  if (kind === undefined) {
    throw fileFault(path, `its columns are ${names.join(', ')}: say with columns which are what`);
  }
  const [lacking] = missing(kind);
  if (lacking !== undefined) {
    throw fileFault(path, `has no ${lacking} among ${names.join(', ')}: name it with columns.${lacking}`);
  }
  const places = Object.fromEntries(
    OF_KIND[kind].flatMap((role) => (all[role] === undefined ? [] : [[role, all[role]] as const])),
  ) as Places;
  // A file of days has its date where others have their time.
  if (places.date !== places.time) return { kind, places };
  const { date: _, ...rest } = places;
  return { kind, places: rest };
}

function placeOf(
  role: ColumnRole,
  names: readonly string[],
  source: SourceConfig,
  setting: string,
  path: string,
): number | undefined {
  const told = source.columns?.[role];
  if (told !== undefined) {
    const place = names.indexOf(told);
    if (place >= 0) return place;
    throw configFault(
      `${setting}.columns.${role}`,
      `there is no column ${told} in ${path}, but ${names.join(', ')}`,
    );
  }
  // A symbol that was told holds for all rows.
  if (role === 'symbol' && source.symbol !== undefined) return undefined;
  const usual = USUAL[role];
  const plainNames = names.map(plain);
  const found = usual.map((name) => plainNames.indexOf(name)).find((place) => place >= 0);
  return found;
}
