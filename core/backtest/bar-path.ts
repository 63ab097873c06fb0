import type { TradingCalendar } from '../market/calendar.ts';
import type { PathRule } from './fills-schema.ts';

/** The regular session that a bar lies in, or that it is made of; epoch ms. */
export interface BarSession {
  readonly open: number;
  readonly close: number;
}

/** The session of a bar, or of all its days for one that spans several. */
export const sessionOf = (startsAt: number, endsAt: number, calendar: TradingCalendar): BarSession => {
  const first = calendar.tradingDay(startsAt);
  const last = calendar.tradingDay(endsAt - 1);
  return {
    open: calendar.open(first) ?? startsAt,
    close: calendar.close(last) ?? endsAt,
  };
};

/** Where a bar's price turns: four instants and the prices at them. */
export interface BarPath {
  readonly times: readonly number[];
  /** Ticks. */
  readonly prices: readonly number[];
}

export interface BarPrices {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

const isHighFirst = ({ high, low, open }: BarPrices, rule: PathRule): boolean =>
  rule === 'ADAPTIVE' ? high - open <= open - low : rule === 'OHLC';

/**
 * A bar as a path: from the open over one extreme and the other to the close, each a third of the time after the one
 * before; in between the price moves evenly. It begins with the session and ends 1 ms before its end, so that the last
 * price is within it. Null for a bar that is outside the session.
 */
export const barPath = (
  prices: BarPrices,
  startsAt: number,
  endsAt: number,
  session: BarSession,
  rule: PathRule,
): BarPath | null => {
  const from = Math.max(startsAt, session.open);
  const to = Math.min(endsAt, session.close) - 1;
  if (to < from) return null;
  const third = (to - from) / 3;
  const [first, second] = isHighFirst(prices, rule) ? [prices.high, prices.low] : [prices.low, prices.high];
  return {
    times: [from, from + Math.floor(third), from + Math.floor(2 * third), to],
    prices: [prices.open, first, second, prices.close],
  };
};
