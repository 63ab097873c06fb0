import { beforeEach, describe, expect, it } from '@jest/globals';
import { smaCross } from '@omniquant/strategy-sma-cross';

import { barOf, MINUTE } from './bars.ts';
import { Desk, type DeskOptions, fillAtOnce } from './desk.ts';

const deskOf = (config: object = {}, more: Partial<DeskOptions> = {}): Desk =>
  new Desk({ definition: smaCross, config: { fast: 2, slow: 3, quantity: '10', ...config }, ...more });

/** Falls, so that the fast average is below. */
const FALL = [10, 9, 8];

const warm = (desk: Desk, closes = FALL, symbol = 'AAPL'): void => {
  desk.start(closes.map((close, index) => barOf(symbol, index * MINUTE, close)));
};

describe('sma-cross', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = deskOf({}, { onPlaced: fillAtOnce });
    warm(desk);
  });

  it('asks for as many bars as its slow average has', () => {
    expect(desk.warmup).toBe(3);
  });

  it('buys at the bar on which the fast average comes above the slow, and sells when it falls below', () => {
    // Averages of 2 and 3: 8.5 of 9, 8.5 of 8.67; 11 of 9.67; 13 of 11.33; 9.5 of 11.
    desk.closes('AAPL', [9]);
    expect(desk.placed).toEqual([]);
    desk.closes('AAPL', [12]);
    expect(desk.placed).toEqual(['BUY 10 AAPL']);
    desk.closes('AAPL', [14]);
    expect(desk.placed).toHaveLength(1);
    desk.closes('AAPL', [5]);
    expect(desk.placed).toEqual(['BUY 10 AAPL', 'SELL 10 AAPL']);
    desk.closes('AAPL', [4, 3]);
    expect(desk.placed).toHaveLength(2);
  });

  it('turns short by two orders, where that is allowed', () => {
    desk = deskOf({ allowShort: true }, { onPlaced: fillAtOnce });
    warm(desk);
    desk.closes('AAPL', [9, 12, 14, 5]);
    expect(desk.placed).toEqual(['BUY 10 AAPL', 'SELL 10 AAPL', 'SELL 10 AAPL']);
    expect(desk.position('AAPL')).toBe(-10n * 10n ** 18n);
  });

  it('keeps symbols apart', () => {
    desk = deskOf({}, { symbols: ['AAPL', 'MSFT'], onPlaced: fillAtOnce });
    desk.start(
      FALL.flatMap((close, index) => [
        barOf('AAPL', index * MINUTE, close),
        barOf('MSFT', index * MINUTE, 20 - close),
      ]),
    );
    for (const [aapl, msft] of [
      [9, 11],
      [12, 8],
      [14, 6],
      [5, 15],
      [4, 16],
    ] as const) {
      const at = desk.now;
      desk.bar(barOf('AAPL', at, aapl));
      desk.bar(barOf('MSFT', at, msft));
    }
    expect(desk.placed).toEqual(['BUY 10 AAPL', 'SELL 10 AAPL', 'BUY 10 MSFT']);
  });

  it.each(['DENIED', 'REJECTED', 'EXPIRED'] as const)(
    'lets an entry go that was %s, until the next crossing',
    (status) => {
      desk = deskOf();
      warm(desk);
      desk.closes('AAPL', [9, 12]);
      desk.status('AAPL-1', status, 'no');
      desk.closes('AAPL', [13, 14, 15, 16, 17]);
      expect(desk.placed).toEqual(['BUY 10 AAPL']);
      desk.closes('AAPL', [5, 4, 20]);
      expect(desk.placed).toEqual(['BUY 10 AAPL', 'BUY 10 AAPL']);
    },
  );

  it('tries a refused exit again after 1, 2, 4 … bars', () => {
    desk = deskOf(
      {},
      { onPlaced: (ref, at) => (ref === 'AAPL-1' ? at.fill(ref) : at.status(ref, 'REJECTED')) },
    );
    warm(desk);
    desk.closes('AAPL', [9, 12]);
    const placedAt = [5, 4, 4, 4, 4, 4, 4, 4, 4].map((close) => {
      desk.closes('AAPL', [close]);
      return desk.placed.length - 1;
    });
    expect(placedAt).toEqual([1, 2, 2, 3, 3, 3, 3, 4, 4]);
  });

  it('cancels an entry that has not been filled when the averages cross back, and sells what was', () => {
    desk = deskOf();
    warm(desk);
    desk.closes('AAPL', [9, 12]);
    desk.fill('AAPL-1', '4');
    desk.closes('AAPL', [14]);
    const effects = desk.closes('AAPL', [5]);
    expect(effects).toEqual([{ type: 'cancel', ref: 'AAPL-1' }]);
    desk.fill('AAPL-1', '1');
    desk.status('AAPL-1', 'CANCELED');
    expect(desk.placed).toEqual(['BUY 10 AAPL', 'SELL 5 AAPL']);
  });

  it('waits for an order of which nothing is heard, and goes on after three bars', () => {
    desk = deskOf({ allowShort: true });
    warm(desk);
    desk.closes('AAPL', [9, 12]);
    // Gone from the account, without a word.
    desk.orders.delete('AAPL-1');
    desk.closes('AAPL', [14, 5, 4, 4]);
    expect(desk.placed).toEqual(['BUY 10 AAPL', 'SELL 10 AAPL']);
  });

  it('rounds the quantity down to whole lots, and says so when nothing is left', () => {
    desk = deskOf({ quantity: '17' }, { instrument: { lotSize: '5' } });
    warm(desk);
    desk.closes('AAPL', [9, 12]);
    expect(desk.placed).toEqual(['BUY 15 AAPL']);
    desk = deskOf({ quantity: '0.5' });
    warm(desk);
    desk.closes('AAPL', [9, 12]);
    expect(desk.placed).toEqual([]);
    expect(desk.logs('WARN')).toEqual(['quantity is less than a lot']);
  });

  it.each([
    [{ fast: 3 }, 'fast'],
    [{ quantity: '0' }, 'quantity'],
    [{ quantity: '-1' }, 'quantity'],
    [{ quantity: '010' }, 'quantity'],
    [{ slow: 1 }, 'slow'],
    [{ fats: 3 }, 'fats'],
  ])('refuses %j, naming the field', (config, field) => {
    expect(() => deskOf(config)).toThrow(field);
  });
});
