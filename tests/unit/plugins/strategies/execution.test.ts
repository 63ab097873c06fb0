import { describe, expect, it } from '@jest/globals';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';
import { execution } from '@omniquant/strategy-execution';

import { barOf, MINUTE } from './bars.ts';
import { Desk, type DeskOptions, fillAtOnce } from './desk.ts';

const CONFIG = { side: 'BUY', quantity: '100', durationSeconds: 600, slices: 5 };
const NOON = Date.UTC(2024, 5, 3, 12);

const deskOf = (config: object = {}, more: Partial<DeskOptions> = {}): Desk => {
  const desk = new Desk({ definition: execution, config: { ...CONFIG, ...config }, ...more });
  desk.now = NOON;
  return desk;
};

/** When each order was placed, in minutes after noon, and how much of it. */
const schedule = (desk: Desk): readonly string[] =>
  desk.effects.flatMap(({ at, effect }) =>
    effect.type === 'place' ? [`${(at - NOON) / MINUTE}: ${effect.order.quantity ?? ''}`] : [],
  );
const minutes = (desk: Desk, count: number): void => {
  desk.advance(NOON + count * MINUTE);
};

describe('TWAP', () => {
  it('orders equal slices at equal times, and ends in full', () => {
    const desk = deskOf({}, { onPlaced: fillAtOnce });
    desk.start();
    minutes(desk, 30);
    expect(schedule(desk)).toEqual(['0: 20', '2: 20', '4: 20', '6: 20', '8: 20']);
    expect(desk.logs('INFO')).toEqual(['executed in full']);
    expect([...desk.timers.keys()]).toEqual([]);
  });

  it('cuts into whole lots', () => {
    const desk = deskOf({ quantity: '100', slices: 3, side: 'SELL' }, { instrument: { lotSize: '10' } });
    desk.start();
    minutes(desk, 9);
    expect(desk.placed).toEqual(['SELL 30 AAPL', 'SELL 40 AAPL', 'SELL 30 AAPL']);
  });

  it('begins and ends at given times', () => {
    const desk = deskOf({
      durationSeconds: undefined,
      startAt: NOON + 3 * MINUTE,
      endAt: NOON + 5 * MINUTE,
      slices: 2,
    });
    desk.start();
    minutes(desk, 10);
    expect(schedule(desk)).toEqual(['3: 50', '4: 50']);
  });

  it('comes later by chance, never earlier or beyond the slice, and the same for the same seed', () => {
    const timesOf = (seed: string) => {
      const desk = deskOf({ jitter: 1 }, { seed });
      desk.start();
      minutes(desk, 10);
      return desk.effects.flatMap(({ at, effect }) =>
        effect.type === 'place' ? [(at - NOON) / MINUTE] : [],
      );
    };
    const times = timesOf('one');
    expect(times).toHaveLength(5);
    times.forEach((at, slice) => {
      expect(at).toBeGreaterThanOrEqual(2 * slice);
      expect(at).toBeLessThan(2 * slice + 2);
    });
    expect(timesOf('one')).toEqual(times);
    expect(timesOf('two')).not.toEqual(times);
  });

  it('spreads what a refused slice would have ordered over those to come', () => {
    const desk = deskOf(
      {},
      { onPlaced: (ref, at) => (ref === 'slice-1' ? at.status(ref, 'DENIED') : at.fill(ref)) },
    );
    desk.start();
    minutes(desk, 10);
    expect(schedule(desk)).toEqual(['0: 20', '2: 25', '4: 25', '6: 25', '8: 25']);
    expect(formatDecimal(desk.position('AAPL'))).toBe('100');
  });

  it('does not flood while everything is refused', () => {
    const desk = deskOf(
      { quantity: '1000', slices: 100, atEnd: 'cross' },
      { onPlaced: (ref, at) => void at.status(ref, 'REJECTED', 'closed') },
    );
    desk.start();
    minutes(desk, 600);
    // Slices 0, 1, 3, 7, 15, 31, 63, 95, and 5 attempts after the end.
    expect(desk.placed).toHaveLength(13);
    expect(desk.logs('WARN').at(-1)).toBe('ended with a rest');
  });

  it('skips the slices that fell into an interruption', () => {
    const desk = deskOf({}, { onPlaced: fillAtOnce });
    desk.start();
    const due = desk.timers.get('slice');
    desk.timers.delete('slice');
    expect(due).toBe(NOON);
    desk.now = NOON + 5 * MINUTE;
    desk.timers.set('slice', NOON);
    minutes(desk, 10);
    expect(schedule(desk)).toEqual(['5: 33', '6: 34', '8: 33']);
  });

  it('reports its progress', () => {
    const desk = deskOf();
    desk.start();
    minutes(desk, 1);
    desk.fill('slice-1', '5');
    expect(desk.effects.slice(-3).map(({ effect }) => effect)).toEqual([
      { type: 'metric', name: 'executed', value: 5 },
      { type: 'metric', name: 'remaining', value: 95 },
      { type: 'metric', name: 'progress', value: 0.05 },
    ]);
  });

  it('never orders beyond its limit price', () => {
    const desk = deskOf({ limitPrice: '99.999', atEnd: 'cross', slices: 1 });
    desk.start();
    minutes(desk, 11);
    desk.status('slice-1', 'CANCELED');
    minutes(desk, 12);
    expect(desk.placed).toEqual(['BUY 100 AAPL @ 99.99', 'BUY 100 AAPL @ 99.99']);
    const sell = deskOf({ side: 'SELL', limitPrice: '99.991' });
    sell.start();
    minutes(sell, 1);
    expect(sell.placed).toEqual(['SELL 20 AAPL @ 100']);
  });

  it('orders no more than its share of the volume of the last bar', () => {
    const desk = deskOf({ participation: 0.1 }, { onPlaced: fillAtOnce });
    expect(desk.warmup).toBe(1);
    desk.start([barOf('AAPL', NOON - MINUTE, 100, { volume: 75 })]);
    // 7 of 75, and nothing more of the same bar.
    minutes(desk, 2);
    expect(schedule(desk)).toEqual(['0: 7']);
    desk.bar(barOf('AAPL', NOON + 2 * MINUTE, 100, { volume: 500 }));
    minutes(desk, 10);
    expect(schedule(desk)).toEqual(['0: 7', '4: 31', '6: 19']);
    expect(desk.logs('WARN')).toEqual(['ended with a rest']);
  });
});

describe('the end of an execution', () => {
  it('cancels what is open, and is done when it has ended', () => {
    const desk = deskOf({ slices: 2 });
    desk.start();
    minutes(desk, 9);
    desk.fill('slice-1', '10');
    minutes(desk, 10);
    expect(desk.open().map(({ cancelAsked }) => cancelAsked)).toEqual([true, true]);
    desk.status('slice-1', 'CANCELED');
    desk.status('slice-2', 'CANCELED');
    minutes(desk, 20);
    expect(desk.logs('WARN')).toEqual(['ended with a rest']);
    expect([...desk.timers.keys()]).toEqual([]);
    expect(desk.placed).toHaveLength(2);
  });

  it('crosses the rest, less what was filled late', () => {
    const desk = deskOf({ slices: 2, atEnd: 'cross', settleSeconds: 30 });
    desk.start();
    minutes(desk, 10);
    desk.status('slice-1', 'CANCELED');
    desk.status('slice-2', 'CANCELED');
    minutes(desk, 10.25);
    expect(desk.placed).toHaveLength(2);
    desk.fill('slice-1', '15');
    minutes(desk, 12);
    expect(desk.placed.at(-1)).toBe('BUY 85 AAPL');
    desk.fill('rest-3');
    expect(desk.logs('INFO')).toEqual(['executed in full']);
  });

  it('counts the time for late fills from the end of an order, not from its cancel', () => {
    const desk = deskOf({ slices: 1, atEnd: 'cross', settleSeconds: 30 });
    desk.start();
    minutes(desk, 10.4);
    desk.status('slice-1', 'CANCELED');
    minutes(desk, 10.8);
    desk.fill('slice-1', '15');
    minutes(desk, 12);
    expect(desk.placed).toEqual(['BUY 100 AAPL', 'BUY 85 AAPL']);
  });

  it('does not order anew in the next slice what an ended order may still report', () => {
    const desk = deskOf({ slices: 2, settleSeconds: 600 });
    desk.start();
    minutes(desk, 4);
    desk.status('slice-1', 'CANCELED');
    minutes(desk, 6);
    expect(desk.placed).toEqual(['BUY 50 AAPL', 'BUY 50 AAPL']);
  });

  it('asks again for cancels of orders that do not end, and orders nothing beside them', () => {
    const desk = deskOf({ slices: 1, atEnd: 'cross' });
    desk.start();
    minutes(desk, 60);
    expect(desk.placed).toHaveLength(1);
    const cancels = desk.effects.filter(({ effect }) => effect.type === 'cancel');
    expect(cancels.length).toBeGreaterThan(5);
    expect(cancels.length).toBeLessThan(15);
  });

  it('takes open orders back when late fills have made them too much', () => {
    const desk = deskOf({ slices: 2, settleSeconds: 1 });
    desk.start();
    minutes(desk, 1);
    desk.status('slice-1', 'CANCELED');
    minutes(desk, 6);
    expect(desk.placed).toEqual(['BUY 50 AAPL', 'BUY 100 AAPL']);
    // Much later than any fill should come.
    expect(desk.fill('slice-1', '30')).toContainEqual({ type: 'cancel', ref: 'slice-2' });
  });

  it('cancels what is open when it is stopped', () => {
    const desk = deskOf();
    desk.start();
    minutes(desk, 1);
    expect(desk.stop()).toContainEqual({ type: 'cancel', ref: 'slice-1' });
  });
});

describe('VWAP', () => {
  it('cuts by the volume that the times of day have had', () => {
    const desk = deskOf({ method: 'vwap', profileBars: 20 }, { onPlaced: fillAtOnce });
    expect(desk.warmup).toBe(20);
    const yesterday = NOON - 24 * 60 * MINUTE;
    const volumes = [10, 10, 40, 40, 20, 20, 10, 10, 20, 20];
    desk.start(
      volumes.map((volume, index) => barOf('AAPL', yesterday + index * MINUTE, 100, { volume })),
      NOON,
    );
    minutes(desk, 11);
    expect(desk.placed).toEqual(['BUY 10 AAPL', 'BUY 40 AAPL', 'BUY 20 AAPL', 'BUY 10 AAPL', 'BUY 20 AAPL']);
  });

  it('averages over the days that had bars at that time, and spreads long bars over their minutes', () => {
    const hour = (day: number, at: number, volume: number) =>
      barOf('AAPL', NOON + (day * 24 + at) * 60 * MINUTE, 100, { volume, interval: 'HOUR_1' });
    const desk = deskOf(
      { method: 'vwap', slices: 2, durationSeconds: 7_200 },
      { interval: 'HOUR_1', onPlaced: fillAtOnce },
    );
    // 12:00 had 100 and 300, 13:00 had 600 on one day.
    desk.start([hour(-2, 0, 100), hour(-1, 0, 300), hour(-1, 1, 600)], NOON);
    desk.advance(NOON + 180 * MINUTE);
    expect(desk.placed).toEqual(['BUY 25 AAPL', 'BUY 75 AAPL']);
  });

  it('orders equal slices where no volume is known', () => {
    const desk = deskOf({ method: 'vwap' }, { onPlaced: fillAtOnce });
    desk.start();
    minutes(desk, 11);
    expect(new Set(desk.placed)).toEqual(new Set(['BUY 20 AAPL']));
    expect(desk.logs('WARN')).toEqual(['no volume is known for these times of day: equal slices']);
  });
});

describe('an execution that cannot be', () => {
  it.each([
    [{ quantity: '0' }, 'quantity'],
    [{ durationSeconds: undefined }, 'endAt'],
    [{ endAt: NOON }, 'endAt'],
    [{ durationSeconds: undefined, startAt: NOON, endAt: NOON }, 'endAt'],
    [{ limitPrice: '0' }, 'limitPrice'],
    [{ side: 'HOLD' }, 'side'],
  ])('is refused: %j', (config, field) => {
    expect(() => deskOf(config)).toThrow(field);
  });

  it('is refused with several symbols', () => {
    expect(() => deskOf({}, { symbols: ['AAPL', 'MSFT'] })).toThrow('symbols');
  });

  it.each([
    [{ durationSeconds: undefined, endAt: NOON - 1 }, {}, 'the end has passed'],
    [{ quantity: '0.5' }, {}, 'the quantity is less than a lot'],
    [{}, { instrument: { symbol: 'MSFT' } }, 'the symbol is unknown'],
  ])('orders nothing: %j %j', (config, more, why) => {
    const desk = deskOf(config, more);
    desk.start();
    minutes(desk, 20);
    expect([desk.placed, desk.logs('ERROR')]).toEqual([[], [`orders nothing: ${why}`]]);
  });
});
