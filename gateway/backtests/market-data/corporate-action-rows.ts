import { tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { CorporateAction } from '../../../core/backtest/corporate-actions.ts';
import { isSymbol } from '../../../core/market/symbol.ts';
import { isDay } from '../instant.ts';
import { MarketDataError } from './market-data-error.ts';

/** What a row says, by their usual names. */
const COLUMNS = {
  symbol: ['symbol', 'ticker'],
  date: ['exday', 'ex_day', 'ex_date', 'date'],
  type: ['kind', 'type', 'action'],
  value: ['value', 'amount', 'ratio'],
} as const;
export type ActionColumn = keyof typeof COLUMNS;

export const ACTION_COLUMNS = Object.keys(COLUMNS) as readonly ActionColumn[];

/** The texts of a row by what they are. */
export type ActionRow = ReadonlyMap<ActionColumn, string>;

export const actionColumnNamed = (name: string): ActionColumn | undefined =>
  ACTION_COLUMNS.find((column) => (COLUMNS[column] as readonly string[]).includes(name.trim().toLowerCase()));

export const actionFault = (place: string, problem: string, cause?: unknown): MarketDataError =>
  new MarketDataError('DATA_INVALID', `${place}: ${problem}`, null, { cause });

/** Throws MarketDataError DATA_INVALID where one is missing that every row needs. */
export function requireColumns(
  there: readonly (ActionColumn | undefined)[],
  names: readonly string[],
  place: string,
): void {
  const lacking = (['date', 'type', 'value'] as const).find((column) => !there.includes(column));
  if (lacking === undefined) return;
  throw actionFault(place, `has no ${lacking} among ${names.join(', ')}: call one of them ${lacking}`);
}

/** Checks rows one after the other, each at its place in the file. Throws MarketDataError DATA_INVALID. */
export function actionReader(symbols: readonly string[]): (row: ActionRow, place: string) => CorporateAction {
  const seen = new Map<string, string>();
  return (row, place) => {
    const action = actionOf(row, symbols, place);
    const { exDay, kind, symbol } = action;
    // Two dividends of a day are of two kinds when their amounts differ; a split comes once.
    const key = [symbol, exDay, kind, kind === 'DIVIDEND' ? action.amount : ''].join(' ');
    const before = seen.get(key);
    if (before !== undefined) {
      throw actionFault(
        place,
        `the ${kind.toLowerCase()} of ${symbol} on ${exDay} is there already (${before}): leave it out`,
      );
    }
    seen.set(key, place);
    return action;
  };
}

/** Of a day that a file has as a time, the midnight. */
const MIDNIGHT = /[ T]00:00(:00(\.0+)?)?(Z|\+00(:?00)?)?$/;

function actionOf(row: ActionRow, symbols: readonly string[], place: string): CorporateAction {
  const [only = ''] = symbols.length === 1 ? symbols : [];
  const symbol = row.get('symbol') ?? only;
  if (symbol === '') throw actionFault(place, 'names no symbol, and the run has several');
  if (!isSymbol(symbol)) {
    throw actionFault(place, `the symbol ${JSON.stringify(symbol)} is none, such as AAPL`);
  }
  const exDay = (row.get('date') ?? '').replace(MIDNIGHT, '');
  if (!isDay(exDay)) {
    throw actionFault(place, `the date ${JSON.stringify(exDay)} is no day such as 2020-08-31`);
  }
  const value = row.get('value') ?? '';
  const kind = (row.get('type') ?? '').toUpperCase();
  if (kind === 'SPLIT') return { kind, symbol, exDay, ...ratioOf(value, place) };
  if (kind !== 'DIVIDEND') {
    throw actionFault(place, `the type ${JSON.stringify(kind)} is neither split nor dividend`);
  }
  if ((tryParseDecimal(value) ?? 0n) <= 0n) {
    throw actionFault(place, `the dividend ${JSON.stringify(value)} is no decimal above 0`);
  }
  return { kind, symbol, exDay, amount: value };
}

/** Splits as "4:1" (new for old), "4/1", or new units for one old unit, such as "4" and "0.1". */
const RATIO = /^(\d{1,6})[:/](\d{1,6})$/;
const MOST_DECIMALS = 6;

function ratioOf(value: string, place: string): { readonly to: number; readonly from: number } {
  const [, to = '', from = ''] = RATIO.exec(value) ?? [];
  const ratio = to === '' ? ofDecimal(value) : { to: Number(to), from: Number(from) };
  if (ratio !== null && ratio.to > 0 && ratio.from > 0) return ratio;
  throw actionFault(place, `the split ${JSON.stringify(value)} is no ratio such as 4:1 or 0.1`);
}

/** Exact: 0.1 is 1 for 10. */
function ofDecimal(text: string): { readonly to: number; readonly from: number } | null {
  const [, whole = '', part = ''] = /^(\d{1,6})(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' || part.length > MOST_DECIMALS) return null;
  let [to, from] = [Number(whole + part), 10 ** part.length];
  for (const prime of [2, 5]) {
    while (to > 0 && to % prime === 0 && from % prime === 0) [to, from] = [to / prime, from / prime];
  }
  return { to, from };
}
