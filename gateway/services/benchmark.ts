import { toNumber } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../../core/market/bar.ts';
import { calendarOf } from '../../core/market/calendars.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';

const DAY_MS = 86_400_000;
/** Weekends and holidays included, a year and some. */
const MOST_DAYS = 400;

/** What accounts are compared with. */
export interface Benchmark {
  /** Price by trading day at the day's opening, from `from` (market time) on; empty while it cannot be had. */
  opens(from: number, signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
}

export interface BenchmarkOptions {
  readonly market: Pick<MarketData, 'bars' | 'clock' | 'instrument'>;
  /** Null: accounts have no beta. */
  readonly symbol: string | null;
}

/** Daily bars of one symbol, kept until the next day of market time begins. */
export function createBenchmark({ market, symbol }: BenchmarkOptions): Benchmark {
  let kept: {
    readonly day: number;
    readonly from: number;
    readonly opens: ReadonlyMap<string, number>;
  } | null = null;

  const read = async (from: number, signal: AbortSignal): Promise<ReadonlyMap<string, number>> => {
    const instrument = symbol === null ? undefined : market.instrument(symbol);
    if (instrument === undefined) return new Map();
    const bars: readonly Bar[] = await market.bars(instrument.symbol, 'DAY_1', from, null, MOST_DAYS, signal);
    const calendar = calendarOf(instrument.calendar);
    return new Map(bars.map((bar) => [calendar.tradingDay(bar.at), toNumber(bar.open)]));
  };

  return {
    async opens(from, signal) {
      const start = Math.floor(from / DAY_MS) * DAY_MS - DAY_MS;
      const day = Math.floor(market.clock().at / DAY_MS);
      if (kept?.day === day && kept.from <= start) return kept.opens;
      try {
        const opens = await read(start, signal);
        if (opens.size > 0) kept = { day, from: start, opens };
        return opens;
      } catch {
        // Without the benchmark there is no beta; everything else about the account is still there.
        return new Map();
      }
    },
  };
}
