import type { BarInterval } from '@omniquant/plugin-sdk';
import { formatDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';

import { calendarOf } from '../../core/market/calendars.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';
import type { PriceBar } from '../reports/tear-sheet-input.ts';
import type { DailyClose } from './history-data.ts';

type Market = Pick<MarketData, 'bars' | 'instrument'>;

interface Span {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;
/** A close before the first day, over holidays. */
const EARLIER_DAYS = 14;
/** Of days, more than any market has been open for. */
const MOST_DAYS = 50_000;
/** More are drawn over each other. */
const MOST_BARS = 2_500;

/**
 * Closes of the days of a span from the market at hand, and the one before it; null for a symbol that it does not have.
 * Rejects with UnavailableError.
 */
export async function dailyCloses(
  market: Market,
  symbol: string,
  { from, to }: Span,
  signal: AbortSignal,
): Promise<readonly DailyClose[] | null> {
  const instrument = market.instrument(symbol);
  if (instrument === undefined) return null;
  const start = from - EARLIER_DAYS * DAY_MS;
  const bars = await market.bars(symbol, 'DAY_1', start, to, MOST_DAYS, signal);
  const calendar = calendarOf(instrument.calendar);
  return bars.map(({ at, close }) => [calendar.endOfDay(at), formatDecimal(close)]);
}

/** The coarsest bars that still draw a line of a span. */
export function chartInterval({ from, to }: Span): BarInterval {
  const days = (to - from) / DAY_MS;
  if (days > 200) return 'DAY_1';
  if (days > 30) return 'HOUR_1';
  return days > 5 ? 'MINUTE_15' : 'MINUTE_1';
}

/** Bars of a chart from the market at hand; null where it has none, or cannot be asked now. */
export async function chartBars(
  market: Market,
  symbol: string,
  span: Span,
  signal: AbortSignal,
): Promise<readonly PriceBar[] | null> {
  if (market.instrument(symbol) === undefined) return null;
  const interval = chartInterval(span);
  const bars = await market
    .bars(symbol, interval, span.from, span.to, MOST_BARS, signal)
    // A chart is no reason to have no report.
    .catch(() => []);
  return bars.length === 0
    ? null
    : bars.map(({ at, close, high, low, open }) => ({
        at,
        open: toNumber(open),
        high: toNumber(high),
        low: toNumber(low),
        close: toNumber(close),
      }));
}

/** By the names that core/portfolio/pricing.ts converts with, those that multiply first. */
export const pairNames = (from: string, to: string): readonly string[] => [
  ...[`${from}/${to}`, `${from}${to}`, `${to}/${from}`, `${to}${from}`],
];
