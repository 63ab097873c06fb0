import { describe, expect, it } from '@jest/globals';
import { meanReversion } from '@omniquant/strategy-mean-reversion';

import { barOf, MINUTE } from './bars.ts';
import { Desk, type DeskOptions, fillAtOnce } from './desk.ts';

/** Closes 100 and 102 in turn: mean 101, deviation 1, bands of 1.5 deviations. */
const RANGE = [100, 102, 100, 102];

const deskOf = (config: object = {}, more: Partial<DeskOptions> = {}, warm = RANGE): Desk => {
  const desk = new Desk({
    definition: meanReversion,
    config: { period: 4, deviations: 1.5, quantity: '10', ...config },
    ...more,
  });
  desk.start(warm.map((close, index) => barOf('AAPL', index * MINUTE, close)));
  return desk;
};
const filling = { onPlaced: fillAtOnce };

describe('mean-reversion by Bollinger bands', () => {
  it('buys below the lower band and sells at the middle', () => {
    const desk = deskOf({}, filling);
    expect(desk.warmup).toBe(4);
    // 102, 100, 102, 90: mean 98.5, deviation 4.97: the band is at 91.04.
    desk.closes('AAPL', [90]);
    expect(desk.placed).toEqual(['BUY 10 AAPL']);
    // 100, 102, 90, 95: mean 96.75.
    desk.closes('AAPL', [95]);
    expect(desk.placed).toHaveLength(1);
    // 102, 90, 95, 96: mean 95.75.
    desk.closes('AAPL', [96]);
    expect(desk.placed).toEqual(['BUY 10 AAPL', 'SELL 10 AAPL']);
  });

  it('sells short above the upper band only where that is allowed', () => {
    const longOnly = deskOf({}, filling);
    longOnly.closes('AAPL', [112]);
    expect(longOnly.placed).toEqual([]);
    const desk = deskOf({ allowShort: true }, filling);
    desk.closes('AAPL', [112, 106, 105]);
    expect(desk.placed).toEqual(['SELL 10 AAPL', 'BUY 10 AAPL']);
  });

  it('does not enter while the bands lie upon each other', () => {
    const desk = deskOf({ allowShort: true }, filling, [100, 100, 100, 100]);
    desk.closes('AAPL', [100, 100, 100]);
    expect(desk.placed).toEqual([]);
  });

  it('counts an excursion once: a refused entry waits for the price to come back first', () => {
    const desk = deskOf({ period: 8, deviations: 1 }, {}, [...RANGE, ...RANGE]);
    desk.closes('AAPL', [95]);
    desk.status('AAPL-1', 'DENIED');
    desk.closes('AAPL', [94, 93]);
    expect(desk.placed).toEqual(['BUY 10 AAPL']);
    desk.closes('AAPL', [100, 100, 85]);
    expect(desk.placed).toHaveLength(2);
  });

  it('closes a position that was held for too long', () => {
    const desk = deskOf({ maxHoldingBars: 3 }, filling);
    // Falls so fast that the middle is never reached.
    desk.closes('AAPL', [90, 80, 70]);
    expect(desk.placed).toHaveLength(1);
    desk.closes('AAPL', [60]);
    expect(desk.placed).toEqual(['BUY 10 AAPL', 'SELL 10 AAPL']);
  });

  it('rounds the protective stop away from the price, to the tick', () => {
    const long = deskOf({ stopPercent: 1.234 });
    long.closes('AAPL', [90]);
    expect(long.placed).toEqual(['BUY 10 AAPL stop 88.88']);
    const short = deskOf({ stopPercent: 1.234, allowShort: true });
    short.closes('AAPL', [112]);
    expect(short.placed).toEqual(['SELL 10 AAPL stop 113.39']);
  });

  it('cancels the stop before it sells, so that it is not sold twice', () => {
    const desk = deskOf({ stopPercent: 10 });
    desk.closes('AAPL', [90]);
    desk.fill('AAPL-1');
    desk.status('AAPL-1.stopLoss', 'WORKING');
    expect(desk.closes('AAPL', [95, 96])).toContainEqual({ type: 'cancel', ref: 'AAPL-1.stopLoss' });
    expect(desk.placed).toHaveLength(1);
    desk.status('AAPL-1.stopLoss', 'CANCELED');
    expect(desk.placed).toEqual(['BUY 10 AAPL stop 81', 'SELL 10 AAPL']);
  });

  it('sells nothing when the stop was filled instead of cancelled', () => {
    const desk = deskOf({ stopPercent: 10 });
    desk.closes('AAPL', [90]);
    desk.fill('AAPL-1');
    desk.status('AAPL-1.stopLoss', 'TRIGGERED');
    desk.closes('AAPL', [95, 96]);
    desk.fill('AAPL-1.stopLoss');
    desk.closes('AAPL', [96, 96]);
    expect(desk.placed).toEqual(['BUY 10 AAPL stop 81']);
    expect(desk.position('AAPL')).toBe(0n);
  });

  it('closes the position when its stop was refused', () => {
    const desk = deskOf({ stopPercent: 10 });
    desk.closes('AAPL', [90]);
    desk.fill('AAPL-1');
    desk.status('AAPL-1.stopLoss', 'REJECTED', 'no stops today');
    expect(desk.placed).toEqual(['BUY 10 AAPL stop 81', 'SELL 10 AAPL']);
    expect(desk.logs('ERROR')).toEqual(['the protective stop is gone: closes the position']);
  });
});

describe('mean-reversion by the RSI', () => {
  const config = { signal: 'rsi', period: 2, oversold: 20, overbought: 80 };

  it('buys below oversold and sells from 50 on', () => {
    // Wilder averages of 2: gains 1, losses 1 after 100, 102, 100.
    const desk = deskOf(config, filling, [100, 102, 100]);
    expect(desk.warmup).toBe(3);
    // Gains 0.5, losses 2.5: 16.7.
    desk.closes('AAPL', [96]);
    expect(desk.placed).toEqual(['BUY 10 AAPL']);
    // Gains 0.75, losses 1.25: 37.5.
    desk.closes('AAPL', [97]);
    expect(desk.placed).toHaveLength(1);
    // Gains 1.375, losses 0.625: 68.75.
    desk.closes('AAPL', [99]);
    expect(desk.placed).toEqual(['BUY 10 AAPL', 'SELL 10 AAPL']);
  });

  it('turns from long to short within a bar by two orders', () => {
    const desk = deskOf({ ...config, allowShort: true }, filling, [100, 102, 100]);
    desk.closes('AAPL', [96, 110]);
    expect(desk.placed).toEqual(['BUY 10 AAPL', 'SELL 10 AAPL', 'SELL 10 AAPL']);
  });
});
