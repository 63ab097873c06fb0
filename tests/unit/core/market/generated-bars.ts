import type { BarInterval } from '@omniquant/plugin-sdk';
import fc from 'fast-check';

import type { Bar } from '../../../../core/market/bar.ts';
import { barSpan } from '../../../../core/market/bar-interval.ts';
import type { TradingCalendar } from '../../../../core/market/calendar.ts';
import type { Trade } from '../../../../core/market/trade.ts';

/** Round numbers scaled by 10^18, small enough to be read in a failure. */
const fixed = (min: number, max: number): fc.Arbitrary<bigint> =>
  fc.integer({ min, max }).map((cents) => BigInt(cents) * 10n ** 16n);

/** Gaps from a second to days, so that bars within and across spans come up. */
const gap = fc.oneof(
  fc.integer({ min: 1, max: 2_000 }),
  fc.integer({ min: 1, max: 600_000 }),
  fc.integer({ min: 1, max: 20_000_000 }),
  fc.integer({ min: 1, max: 200_000_000 }),
);

const start = fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2024, 0, 1) });

/** Ascending instants, no two alike. */
const instants = fc
  .tuple(start, fc.array(gap, { minLength: 1, maxLength: 60 }))
  .map(([first, gaps]) => gaps.map((_, index) => first + gaps.slice(0, index + 1).reduce((a, b) => a + b)));

/** Trades in the order of time, no two at the same millisecond. */
export const tradesOf = (symbol: string): fc.Arbitrary<Trade[]> =>
  instants.chain((times) =>
    fc
      .tuple(
        ...times.map((at) => fc.record({ at: fc.constant(at), price: fixed(90, 110), size: fixed(0, 500) })),
      )
      .map((trades) => trades.map((trade) => ({ symbol, ...trade }))),
  );

/** Closed bars of one interval, ascending, one a span at most. */
export const barsOf = (
  symbol: string,
  interval: BarInterval,
  calendar: TradingCalendar,
): fc.Arbitrary<Bar[]> =>
  instants.chain((times) => {
    const starts = [...new Set(times.map((at) => barSpan(at, interval, calendar).start))];
    const prices = fc.tuple(fixed(90, 110), fixed(90, 110), fixed(0, 20), fixed(0, 20), fixed(0, 500));
    return fc.tuple(...starts.map(() => prices)).map((rows) =>
      rows.map(([open, close, above, below, volume], index) => ({
        symbol,
        interval,
        at: starts[index] ?? 0,
        open,
        high: (open > close ? open : close) + above,
        low: (open < close ? open : close) - below,
        close,
        volume,
        isClosed: true,
        revision: 0,
      })),
    );
  });
