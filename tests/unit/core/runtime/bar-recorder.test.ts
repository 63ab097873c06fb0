import { describe, expect, it } from '@jest/globals';
import type { BarInterval } from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../../../../core/market/bar.ts';
import { createInstrument } from '../../../../core/market/instrument.ts';
import { type BarRecorder, createBarRecorder } from '../../../../core/runtime/bar-recorder.ts';

const MINUTE = 60_000;
const ORIGIN = { source: 'feed ticks', connection: null };
const ONE = parseDecimal('1');

const instrument = (symbol: string) =>
  createInstrument({
    ...{ symbol, name: null, assetClass: 'CRYPTO', currency: 'USD', tickSize: '0.01', lotSize: '1' },
    ...{ multiplier: '1', minQuantity: null, maxQuantity: null, shortable: true, fractionable: false },
    ...{ exchange: null, calendar: 'ALWAYS' },
  });

const bar = (symbol: string, at: number, isClosed = true, revision = 0): Bar => ({
  ...{ symbol, interval: 'MINUTE_1', at, isClosed, revision },
  ...{ open: ONE, high: ONE, low: ONE, close: ONE, volume: null },
});

/** A market whose bars the test tells. */
function market(symbols: readonly string[], history: readonly Bar[] = []) {
  const listeners = new Map<string, (told: Bar) => void>();
  const state = { now: 0, symbols };
  return {
    state,
    listeners,
    now: () => state.now,
    instruments: () => state.symbols.map(instrument),
    bars: (symbol: string, _: BarInterval, from: number | null) =>
      Promise.resolve(history.filter((each) => each.symbol === symbol && each.at === from)),
    onBar(symbol: string, interval: BarInterval, listener: (told: Bar) => void) {
      listeners.set(`${symbol} ${interval}`, listener);
      return () => void listeners.delete(`${symbol} ${interval}`);
    },
    tell(told: Bar) {
      listeners.get(`${told.symbol} ${told.interval}`)?.(told);
    },
  };
}

function recorder(intervals: readonly BarInterval[] = ['MINUTE_1']): BarRecorder & { kept: string[] } {
  const kept: string[] = [];
  const counted: string[] = [];
  const made = createBarRecorder({
    intervals,
    sink: {
      put: ({ source }, { symbol }, { at, revision }) =>
        void kept.push(`${source} ${symbol} ${String(at / MINUTE)} ${String(revision)}`),
    },
    telemetry: { count: (name) => void counted.push(name) },
  });
  return { ...made, kept };
}

describe('bars of a market that are kept', () => {
  it('are those that are over, with their corrections, of symbols that come later too', () => {
    const source = market(['AB']);
    const { follow, kept, look } = recorder();
    follow(source, ORIGIN);
    look();
    expect(source.listeners.size).toBe(0);
    source.state.now = 10 * MINUTE;
    look();
    source.tell(bar('AB', 10 * MINUTE, false));
    source.tell(bar('AB', 10 * MINUTE));
    source.tell(bar('AB', 10 * MINUTE, true, 1));
    source.state.symbols = ['AB', 'CD'];
    look();
    source.tell(bar('CD', 11 * MINUTE));
    expect(kept).toEqual(['feed ticks AB 10 0', 'feed ticks AB 10 1', 'feed ticks CD 11 0']);
  });

  it('are whole: one that was under way is asked of the source, or left out', async () => {
    const source = market(['AB', 'CD'], [bar('AB', 10 * MINUTE)]);
    const { follow, kept, look } = recorder();
    follow(source, ORIGIN);
    source.state.now = 10 * MINUTE + 1;
    look();
    for (const symbol of ['AB', 'CD']) source.tell(bar(symbol, 10 * MINUTE));
    await Promise.resolve();
    await Promise.resolve();
    expect(kept).toEqual(['feed ticks AB 10 0']);
  });

  it('are begun with some symbols at a time, and ended together', () => {
    const source = market(Array.from({ length: 50 }, (_, index) => `S${String(index)}`));
    const { close, follow, look } = recorder();
    source.state.now = MINUTE;
    follow(source, ORIGIN);
    const sizes = [1, 2, 3].map(() => {
      look();
      return source.listeners.size;
    });
    expect(sizes).toEqual([20, 40, 50]);
    close();
    expect(source.listeners.size).toBe(0);
  });

  it('are none where no interval is asked for', () => {
    const source = market(['AB']);
    source.state.now = MINUTE;
    const { follow, look } = recorder([]);
    follow(source, ORIGIN);
    look();
    expect(source.listeners.size).toBe(0);
  });
});
