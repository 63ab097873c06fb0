import type { BarInterval } from '@omniquant/plugin-sdk';

import type { Bar } from '../market/bar.ts';
import type { Instrument } from '../market/instrument.ts';
import type { BarOrigin, BarSink } from '../ports/bar-sink.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { MarketHub } from './market-hub.ts';

type Market = Pick<MarketHub, 'bars' | 'instruments' | 'now' | 'onBar'>;

export interface BarRecorderOptions {
  /** Bars of these are kept; none where it is empty. */
  readonly intervals: readonly BarInterval[];
  readonly sink: BarSink;
  readonly telemetry: Pick<Telemetry, 'count'>;
}

/** Keeps the bars of markets: of each of their symbols, from when it is first seen here. */
export interface BarRecorder {
  follow(market: Market, origin: BarOrigin): void;
  /** Called about once a second: begins with symbols that are new. */
  look(): void;
  close(): void;
}

/** Whoever listens has the source asked for the bar at hand: not for those of all symbols at once. */
const BEGUN_A_LOOK = 20;

/**
 * A bar that was under way when listening began may lack its first part: the source is asked for it when it is over, and
 * without an answer it is not kept.
 */
export function createBarRecorder({ intervals, sink, telemetry }: BarRecorderOptions): BarRecorder {
  const closing = new AbortController();
  const followed: { readonly market: Market; readonly origin: BarOrigin; readonly begun: Set<string> }[] = [];
  const endings: (() => void)[] = [];

  function begin(market: Market, origin: BarOrigin, instrument: Instrument, interval: BarInterval): void {
    const since = market.now();
    const take = (bar: Bar): void => {
      if (!bar.isClosed) return;
      if (bar.at >= since) sink.put(origin, instrument, bar);
      else void askFor(market, origin, instrument, bar);
    };
    endings.push(market.onBar(instrument.symbol, interval, take));
  }

  async function askFor(market: Market, origin: BarOrigin, instrument: Instrument, bar: Bar): Promise<void> {
    try {
      const { at, interval, symbol } = bar;
      const found = await market.bars(symbol, interval, at, at + 1, 1, closing.signal);
      const whole = found.find((each) => each.at === at && each.isClosed);
      if (whole !== undefined) sink.put(origin, instrument, whole);
    } catch {
      telemetry.count('stored_bars_total', { result: 'PARTIAL' });
    }
  }

  function lookAt({ begun, market, origin }: (typeof followed)[number], most: number): number {
    // Until the source has said its time nothing can be told of what is under way.
    if (market.now() === 0) return 0;
    let count = 0;
    for (const instrument of market.instruments()) {
      for (const interval of intervals) {
        const key = `${instrument.symbol} ${interval}`;
        if (begun.has(key)) continue;
        if (count === most) return count;
        begun.add(key);
        begin(market, origin, instrument, interval);
        count += 1;
      }
    }
    return count;
  }

  return {
    follow(market, origin) {
      if (intervals.length > 0) followed.push({ market, origin, begun: new Set() });
    },
    look() {
      let left = BEGUN_A_LOOK;
      for (const one of followed) left -= lookAt(one, left);
    },
    close() {
      closing.abort();
      for (const end of endings.splice(0)) end();
    },
  };
}
