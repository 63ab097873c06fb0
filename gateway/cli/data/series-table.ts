import type { StoredActions } from '../../../core/backtest/corporate-actions.ts';
import type { StoredSeries, StoredTicks } from '../../backtests/market-data/market-data-source.ts';

/** Splits and dividends of a symbol; times are midnights of their days, UTC. */
export interface ListedActions extends Omit<StoredTicks, 'kind'> {
  readonly kind: 'ACTIONS';
}

/** Bars of an interval, ticks of a kind, or splits and dividends. */
export type ListedSeries = StoredSeries | StoredTicks | ListedActions;

export function listedActions({ actions, source, symbol }: StoredActions): ListedActions {
  const days = actions.map(({ exDay }) => Date.parse(exDay));
  const [first = 0, last = 0] = [days[0], days.at(-1)];
  return { symbol, kind: 'ACTIONS', rows: actions.length, first, last, source };
}

const HEADER = ['symbol', 'kind', 'rows', 'from', 'to', 'source'];

/** What there is of a symbol: bars by their interval. */
export const kindOf = (series: ListedSeries): string =>
  'interval' in series ? series.interval : series.kind;

/** Days for actions and bars of days, minutes for other bars, seconds for ticks; UTC. */
function timeOf(at: number, series: ListedSeries): string {
  const text = new Date(at).toISOString();
  if (!('interval' in series)) return series.kind === 'ACTIONS' ? text.slice(0, 10) : `${text.slice(0, 19)}Z`;
  const isOfDays = series.interval === 'DAY_1' || series.interval === 'WEEK_1';
  return isOfDays ? text.slice(0, 10) : `${text.slice(0, 16)}Z`;
}

/** Series of bars and ticks for a terminal, one a line, by symbol. */
export function seriesTable(series: readonly ListedSeries[]): string {
  const rows = [
    HEADER,
    ...bySymbol(series).map((one) => [
      ...[one.symbol, kindOf(one), String(one.rows)],
      ...[timeOf(one.first, one), timeOf(one.last, one), one.source],
    ]),
  ];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** In the order of symbols; of one as they come. */
export const bySymbol = <S extends ListedSeries>(series: readonly S[]): readonly S[] =>
  series.toSorted((a, b) => (a.symbol === b.symbol ? 0 : a.symbol < b.symbol ? -1 : 1));
