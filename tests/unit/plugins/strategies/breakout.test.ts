import { describe, expect, it } from '@jest/globals';
import { breakout } from '@omniquant/strategy-breakout';

import { barOf, MINUTE } from './bars.ts';
import { Desk, type DeskOptions, fillAtOnce } from './desk.ts';

/** Bars of 99 to 101 that close at 100: channels of 99 to 101, an average true range of 2. */
const quiet = (at: number, close = 100) => barOf('AAPL', at, close, { high: 101, low: 99 });

const deskOf = (config: object = {}, more: Partial<DeskOptions> = {}): Desk => {
  const desk = new Desk({
    definition: breakout,
    config: { entryPeriod: 4, exitPeriod: 2, atrPeriod: 1, ...config },
    ...more,
  });
  desk.start([0, 1, 2, 3].map((minute) => quiet(minute * MINUTE)));
  return desk;
};
/** A bar with nothing but its close. */
const bar = (desk: Desk, close: number) => desk.bar(barOf('AAPL', desk.now, close));

describe('breakout', () => {
  it('buys on a close above the channel of the bars before, with its stop', () => {
    const desk = deskOf();
    expect(desk.warmup).toBe(4);
    bar(desk, 101);
    expect(desk.placed).toEqual([]);
    // True range 3 from the close before: 1 % of 100,000 over 2 x 3 is 166.67 units.
    bar(desk, 104);
    expect(desk.placed).toEqual(['BUY 166 AAPL stop 98']);
  });

  it('sizes by the risk, and never above the highest weight', () => {
    const desk = deskOf({ riskFraction: 0.02, stop: 'none', maxWeight: 0.15 });
    // 2,000 / (2 x 6) by risk, 15,000 / 106 by worth.
    bar(desk, 106);
    expect(desk.placed).toEqual(['BUY 141 AAPL']);
  });

  it('counts the multiplier and the lot', () => {
    const desk = deskOf({ stop: 'none', maxWeight: 10 }, { instrument: { multiplier: '5', lotSize: '3' } });
    // 1,000 / (2 x 5 x 5) = 20.
    bar(desk, 105);
    expect(desk.placed).toEqual(['BUY 18 AAPL']);
  });

  it('sells when the close breaks the exit channel', () => {
    const desk = deskOf({ stop: 'none' }, { onPlaced: fillAtOnce });
    // 1,000 / (2 x 4) units; the exit channel of two bars is 104 to 105 before the close at 103.
    for (const close of [104, 105, 104, 103]) bar(desk, close);
    expect(desk.placed).toEqual(['BUY 125 AAPL', 'SELL 125 AAPL']);
  });

  it('goes short below the channel where that is allowed, and flips by two orders', () => {
    const longOnly = deskOf({ stop: 'none' }, { onPlaced: fillAtOnce });
    bar(longOnly, 95);
    expect(longOnly.placed).toEqual([]);
    const desk = deskOf({ allowShort: true, stop: 'none' }, { onPlaced: fillAtOnce });
    bar(desk, 95);
    expect(desk.placed).toEqual(['SELL 100 AAPL']);
    bar(desk, 106);
    // True range 11; the equity is 100,000 - 100 x 11 when the size is worked out.
    expect(desk.placed).toEqual(['SELL 100 AAPL', 'BUY 100 AAPL', 'BUY 44 AAPL']);
  });

  it('moves a trailing stop with the price, and never back', () => {
    const desk = deskOf({ stop: 'trailing', exitPeriod: 4 });
    bar(desk, 104);
    desk.fill('AAPL-1');
    // 108 - 2 x 4, then 109 - 2 x 1.
    expect(bar(desk, 108)).toEqual([
      { type: 'replace', ref: 'AAPL-1.stopLoss', change: { stopPrice: '100' } },
    ]);
    expect(bar(desk, 109)).toEqual([
      { type: 'replace', ref: 'AAPL-1.stopLoss', change: { stopPrice: '107' } },
    ]);
    expect(bar(desk, 108)).toEqual([]);
  });

  it('leaves a fixed stop where it is', () => {
    const desk = deskOf({ exitPeriod: 4 });
    bar(desk, 104);
    desk.fill('AAPL-1');
    expect(bar(desk, 108)).toEqual([]);
    expect(bar(desk, 120)).toEqual([]);
  });

  it('does not move the stop of a position that it is closing', () => {
    const desk = deskOf({ stop: 'trailing' });
    bar(desk, 104);
    desk.fill('AAPL-1');
    desk.status('AAPL-1.stopLoss', 'WORKING');
    bar(desk, 112);
    expect(bar(desk, 111)).toMatchObject([{ type: 'replace', change: { stopPrice: '109' } }]);
    expect(bar(desk, 110)).toEqual([{ type: 'cancel', ref: 'AAPL-1.stopLoss' }]);
    desk.status('AAPL-1.stopLoss', 'CANCELED');
    expect(desk.placed.at(-1)).toBe('SELL 125 AAPL');
    expect(bar(desk, 111)).toEqual([]);
  });

  it('does not place an order each bar while they are refused', () => {
    const desk = deskOf({}, { onPlaced: (ref, at) => void at.status(ref, 'DENIED', 'no money') });
    for (let step = 1; step <= 40; step += 1) bar(desk, 100 + 2 * step);
    // At bars 1, 2, 4, 8, 16, 32.
    expect(desk.placed).toHaveLength(6);
  });

  it('places nothing while nobody knows what the account is worth', () => {
    const desk = deskOf({}, { cash: 0 });
    bar(desk, 104);
    expect(desk.placed).toEqual([]);
    expect(desk.logs('INFO')).toEqual(['no entry: the size or the stop comes to nothing']);
  });

  it('refuses an exit channel that is longer than the entry channel', () => {
    expect(() => deskOf({ exitPeriod: 5 })).toThrow('exitPeriod');
  });
});
