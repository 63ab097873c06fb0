import { beforeAll, expect, it } from '@jest/globals';
import { cancelAll, place, setTimer, type StrategyEffect, type StrategyHooks } from '@omniquant/plugin-sdk';
import { L2Replay } from '@omniquant/venue/book/l2-replay';

import type { BacktestSettings } from '../../../../../core/backtest/backtest-spec.ts';
import type { FillSettings } from '../../../../../core/backtest/fills-schema.ts';
import { binanceRows, ibmRows } from '../../../../support/backtest/recorded-ticks.ts';
import { instrument, runAll, START } from '../../../../support/backtest/run-backtest.ts';
import { at, buy, limit, runTicks, sell, tickSpec } from '../../../../support/backtest/run-ticks.ts';
import { tickSources } from '../../../../support/backtest/tick-rows.ts';
import { describeFeeds } from '../../../../support/venue/recorded-feeds.ts';

const BTC: Partial<BacktestSettings> = {
  instruments: [instrument('X', { tickSize: '0.1', lotSize: '0.001', fractionable: true })],
  startingCash: '100000000',
};

describeFeeds('ten minutes of a book of Binance (../shared)', () => {
  let rows: ReturnType<typeof binanceRows>;
  let first = 0;
  beforeAll(() => {
    rows = binanceRows();
    first = rows.levels[0]?.[0] ?? 0;
  });

  it('are quoted to a strategy, and walked by its orders, as the book stands', () => {
    const heard: string[] = [];
    const times = [5_000, 60_000, 61_000, 300_000].map((ms) => first + ms);
    const script = Object.fromEntries(
      times.map((time, index) => [time, [index % 2 === 0 ? buy(30) : sell(40)]]),
    );
    const hooks: StrategyHooks = {
      onQuote: ({ ask, bid }) => void heard.push(`${String(bid)} ${String(ask)}`),
    };
    const fills: FillSettings = { model: 'L2_WALK', path: 'ADAPTIVE', replenish: 'UPDATE' };
    const result = runAll(tickSpec(at(script, hooks), { ...BTC, fills }), {
      sources: [],
      ticks: tickSources({ levels: rows.levels }),
    });

    const book = new L2Replay();
    const tops: string[] = [];
    const expected: string[] = [];
    const due = [...times];
    const walk = (): void => {
      const side = (times.length - due.length) % 2 === 0 ? 'SELL' : 'BUY';
      let left = side === 'SELL' ? 30_000 : 40_000;
      for (const { lots, price } of book.depth(side)) {
        if (left === 0) return;
        const taken = Math.min(left, lots);
        expected.push(`${String(price / 10)} ${String(taken / 1_000)}`);
        left -= taken;
      }
    };
    rows.levels.forEach((row, index) => {
      while (due.length > 0 && row[0] > due[0]!) {
        walk();
        due.shift();
      }
      if (row[1] === 'SNAPSHOT') book.snapshot();
      else {
        book.set(row[1] === 1 ? 'BUY' : 'SELL', Math.round(row[2] * 10), Math.round(row[3] * 1_000));
      }
      const next = rows.levels[index + 1];
      if (next?.[0] === row[0] && next.at(-1) === row.at(-1)) return;
      const top = [...book.depth('BUY', 1), ...book.depth('SELL', 1)]
        .map(({ price }) => price / 10)
        .join(' ');
      if (top !== tops.at(-1)) tops.push(top);
    });
    expect(heard).toEqual(tops);
    expect(result.fills.map(({ price, quantity }) => `${price} ${quantity}`)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(4);
  });

  it('fill orders at the best price the more, the nearer the queue model lets them stand', () => {
    /** Bids 0.05 at the best bid every two seconds, for one and a half. */
    const hooks = (): StrategyHooks => {
      let best: number | null = null;
      return {
        *onStart() {
          for (let ms = 5_000; ms < 120_000; ms += 2_000) {
            yield setTimer(`bid ${String(ms)}`, START + first + ms);
            yield setTimer(`cancel ${String(ms)}`, START + first + ms + 1_500);
          }
        },
        onQuote: ({ bid }) => void (best = bid),
        *onTimer({ name }) {
          if (name.startsWith('cancel')) yield cancelAll();
          else if (best !== null) {
            const order = { ref: name, symbol: 'X', side: 'BUY', quantity: '0.05' } as const;
            yield place({ ...order, ...limit(String(best)) });
          }
        },
      };
    };
    const filled = (fills: FillSettings): number[] => {
      const settings = { ...BTC, fills, to: START + first + 122_000 };
      const { orders } = runAll(tickSpec(hooks, settings), { sources: [], ticks: tickSources(rows) });
      return orders.map(({ filledQuantity }) => Number(filledQuantity));
    };
    const queue = { model: 'QUEUE_POSITION', path: 'ADAPTIVE', replenish: 'UPDATE' } as const;
    const none = filled({ model: 'BEST_PRICE', path: 'ADAPTIVE' });
    const power = filled({ ...queue, queue: 'POWER', exponent: 3 });
    const averse = filled({ ...queue, queue: 'RISK_AVERSE', exponent: 1 });
    expect(none.length).toBeGreaterThan(50);
    none.forEach((most, index) => {
      expect(power[index]).toBeLessThanOrEqual(most);
      expect(averse[index]).toBeLessThanOrEqual(power[index]!);
    });
    const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
    expect(sum(averse)).toBeLessThan(sum(none));
    expect(sum(averse)).toBeGreaterThan(0);
  });
});

describeFeeds('a day of quotes and trades of IBM (../shared)', () => {
  it('fills orders of every minute at what is quoted then, within the session', () => {
    const { quotes, trades } = ibmRows();
    const open = Date.UTC(2013, 9, 7, 13, 30) - START;
    const close = Date.UTC(2013, 9, 7, 20) - START;
    const script: Record<number, readonly StrategyEffect[]> = {};
    for (let ms = open + 60_000; ms < close; ms += 60_000) {
      script[ms] = [(ms / 60_000) % 2 === 0 ? buy(100) : sell(100)];
    }
    const settings = {
      instruments: [instrument('X', { calendar: 'US_EQUITY' })],
      calendar: 'US_EQUITY',
    } as const;
    const { counts, fills } = runTicks({ quotes, trades }, script, settings);
    expect(counts).toMatchObject({ ticks: quotes.length + trades.length, orders: 389 });
    expect(fills.length).toBeGreaterThanOrEqual(389);
    let row = 0;
    for (const { at: time, price, side } of fills) {
      const ms = time - START;
      expect(ms).toBeGreaterThanOrEqual(open);
      expect(ms).toBeLessThan(close);
      while (row < quotes.length && quotes[row]![0] < ms) row += 1;
      // Of several quotes of that millisecond, any of them; without one the last before.
      const then: number[] = [];
      for (let index = Math.max(0, row - 1); index < quotes.length && quotes[index]![0] <= ms; index += 1) {
        then.push(Math.round(quotes[index]![side === 'BUY' ? 3 : 1] * 100));
      }
      expect(then).toContain(Math.round(Number(price) * 100));
    }
  });
});
