import { BAR_INTERVALS, type BarInterval, type VenueInstrument } from '@omniquant/plugin-sdk';

import type { BacktestSettings } from '../../core/backtest/backtest-spec.ts';
import { inLastUnits } from '../../core/backtest/corporate-actions.ts';
import type { CalendarId } from '../../core/market/calendar.ts';
import { calendarOf } from '../../core/market/calendars.ts';
import { nearestHint } from '../services/nearest-text.ts';
import { type AppliedActions, appliedActions } from './applied-actions.ts';
import type { CheckedRequest } from './backtest-request.ts';
import { badSetting } from './bad-setting.ts';
import { conversionPairs } from './conversion-pairs.ts';
import { instantOf } from './instant.ts';
import { findSeries, intervalsOf } from './market-data/find-series.ts';
import type { MarketDataSource } from './market-data/market-data-source.ts';
import { splitAdjustedData } from './market-data/split-adjusted-data.ts';

/**
 * The settings of a run: the request with what the data decides. Runs no code of plugins.
 * @param config As the strategy's schema let it pass, with its defaults.
 * @throws BacktestError BAD_USER_INPUT whose `field` is a path in the request.
 */
export function backtestSettings(
  request: CheckedRequest,
  config: BacktestSettings['config'],
  given: MarketDataSource,
): BacktestSettings {
  const actions = appliedActions(request, given);
  const data = splitAdjustedData(given, actions.splits);
  const { baseCurrency, interval, symbols } = request;
  const traded = symbols.map((symbol, index) =>
    tradedInstrument(symbol, `symbols[${String(index)}]`, symbols.indexOf(symbol) < index, data),
  );
  for (const { symbol } of traded) {
    const isOfDays = interval === 'WEEK_1' && actions.splits.some((split) => split.symbol === symbol);
    const why = isOfDays ? 'is WEEK_1, which is made of finer bars where there are splits' : undefined;
    requireInterval(symbol, interval, 'interval', data, why);
  }
  const benchmark = request.benchmark === null ? null : requireSymbol(request.benchmark, 'benchmark', data);
  const calendar = request.calendar ?? commonCalendar(traded);
  const currency = baseCurrency ?? traded[0]?.currency ?? 'USD';
  return {
    ...{ strategy: request.strategy, config, symbols, interval },
    ...(request.data !== null && { data: request.data }),
    instruments: eachOnce([
      ...traded,
      ...conversionPairs(traded, currency, data),
      ...(benchmark === null ? [] : [benchmark]),
    ]),
    ...period(request, calendar, data),
    ...{ startingCash: request.startingCash, baseCurrency: currency },
    ...{ fees: request.fees, fills: request.fills, latency: request.latency, seed: request.seed },
    ...{ benchmark: request.benchmark, limits: request.limits },
    buyingPowerMultiplier: request.buyingPowerMultiplier,
    ...{ calendar, orderHours: request.orderHours, riskFree: request.riskFree },
    ...{ borrowRate: request.borrowRate, maintenanceMargin: request.maintenanceMargin },
    dividends: dividendsOf(request, actions).map((dividend) => inLastUnits(dividend, actions.splits)),
    ...(actions.splits.length > 0 && { splits: actions.splits }),
    ...(actions.stored.length > 0 && { storedActions: actions.stored }),
  };
}

const eachOnce = (instruments: readonly VenueInstrument[]): readonly VenueInstrument[] => [
  ...new Map(instruments.map((instrument) => [instrument.symbol, instrument])).values(),
];

function tradedInstrument(
  symbol: string,
  field: string,
  isDouble: boolean,
  data: MarketDataSource,
): VenueInstrument {
  if (isDouble) throw badSetting(field, `is ${symbol} a second time: leave it out`);
  return requireSymbol(symbol, field, data);
}

function requireSymbol(symbol: string, field: string, data: MarketDataSource): VenueInstrument {
  const instrument = data.instrument(symbol);
  if (instrument !== null) return instrument;
  const known = [...new Set(data.series().map((each) => each.symbol))];
  const hint = nearestHint(symbol, known);
  const asked = JSON.stringify(symbol.slice(0, 80));
  throw badSetting(
    field,
    `is ${asked}, and there are no bars of it${hint === '' ? `: there are bars of ${listed(known)}` : hint}`,
  );
}

const LONGEST_LIST = 10;
const listed = (names: readonly string[]): string =>
  names.length === 0
    ? 'nothing yet'
    : names.length <= LONGEST_LIST
      ? names.join(', ')
      : `${names.slice(0, LONGEST_LIST).join(', ')} and ${String(names.length - LONGEST_LIST)} others`;

/**
 * Throws BacktestError BAD_USER_INPUT where there are no bars of an interval, and none that they can be made of.
 * @param why What the field says, or asks for.
 */
export function requireInterval(
  symbol: string,
  interval: BarInterval,
  field: string,
  data: MarketDataSource,
  why = `is ${interval}`,
): void {
  const there = intervalsOf(data.series(), symbol);
  if (there.includes(interval)) return;
  const distance = (each: BarInterval): number =>
    Math.abs(BAR_INTERVALS.indexOf(each) - BAR_INTERVALS.indexOf(interval));
  const [nearest = 'none'] = [...there].sort((a, b) => distance(a) - distance(b));
  throw badSetting(
    field,
    `${why}, and ${symbol} has no bars of it or of finer ones: the nearest is ${nearest}`,
  );
}

function dividendsOf(
  { symbols }: CheckedRequest,
  { dividends }: AppliedActions,
): AppliedActions['dividends'] {
  dividends.forEach(({ symbol }, index) => {
    if (symbols.includes(symbol)) return;
    const asked = JSON.stringify(symbol);
    throw badSetting(
      `dividends[${String(index)}].symbol`,
      `is ${asked}, which is not traded${nearestHint(symbol, symbols)}`,
    );
  });
  return dividends;
}

const commonCalendar = (instruments: readonly VenueInstrument[]): CalendarId =>
  instruments.every(({ calendar }) => calendar === 'US_EQUITY') ? 'US_EQUITY' : 'ALWAYS';

/** The period in epoch ms. Throws where it is empty, or lies beside the bars of a symbol. */
function period(
  { from, interval, symbols, to }: CheckedRequest,
  calendarId: CalendarId,
  data: MarketDataSource,
): Pick<BacktestSettings, 'from' | 'to'> {
  const calendar = calendarOf(calendarId);
  const start = from === null ? null : instantOf(from, 'START', calendar);
  const end = to === null ? null : instantOf(to, 'END', calendar);
  if (start !== null && end !== null && start >= end) {
    throw badSetting('from', `is ${String(from)}, which is not before to, ${String(to)}`);
  }
  for (const symbol of symbols) {
    const series = findSeries(data.series(), { symbol, interval });
    if (series === undefined) continue;
    const has = `${symbol} has bars of ${interval} from ${day(series.first)} to ${day(series.last)}`;
    if (start !== null && start > series.last) throw badSetting('from', `is ${String(from)}, and ${has}`);
    if (end !== null && end <= series.first) throw badSetting('to', `is ${String(to)}, and ${has}`);
  }
  return { from: start, to: end };
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
