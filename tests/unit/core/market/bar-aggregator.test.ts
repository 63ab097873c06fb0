import { describe, expect, it } from '@jest/globals';
import { BAR_INTERVALS, type BarInterval } from '@omniquant/plugin-sdk';
import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import type { Bar } from '../../../../core/market/bar.ts';
import { aggregate } from '../../../../core/market/bar-aggregation.ts';
import type { Quote } from '../../../../core/market/quote.ts';
import { createRolledUpBars } from '../../../../core/market/rolled-up-bars.ts';
import { createQuoteBars, createTradeBars } from '../../../../core/market/tick-bars.ts';
import type { Trade } from '../../../../core/market/trade.ts';
import { usEquityCalendar } from '../../../../core/market/us-equity-calendar.ts';
import { barsOf, tradesOf } from './generated-bars.ts';

const minuteBars = { symbol: 'AAPL', interval: 'MINUTE_1', calendar: usEquityCalendar } as const;

const at = (time: string): number => Date.parse(`2024-07-02T${time}Z`);
const trade = (time: string, price: string, size = '1'): Trade => ({
  symbol: 'AAPL',
  at: at(time),
  price: parseDecimal(price),
  size: parseDecimal(size),
});
const quote = (time: string, bid: string | null, ask: string | null): Quote => ({
  symbol: 'AAPL',
  at: at(time),
  bid: bid === null ? null : parseDecimal(bid),
  ask: ask === null ? null : parseDecimal(ask),
  bidSize: null,
  askSize: null,
  last: null,
});

/** One line a bar: start, prices, volume, state. */
const shown = (bars: readonly Bar[]): string[] =>
  bars.map(({ at: start, open, high, low, close, volume, isClosed, revision }) =>
    [
      new Date(start).toISOString().slice(11, 16),
      [open, high, low, close].map(formatDecimal).join('/'),
      volume === null ? '-' : formatDecimal(volume),
      isClosed ? `closed ${String(revision)}` : 'open',
    ].join(' '),
  );

/** The latest state of every bar that was published. */
const latest = (published: readonly Bar[]): Bar[] => {
  const byStart = new Map<number, Bar>();
  for (const bar of published) byStart.set(bar.at, bar);
  return [...byStart.values()].sort((a, b) => a.at - b.at);
};

describe('bars of trades', () => {
  it('grow with every trade and close when the next one begins', () => {
    const bars = createTradeBars(minuteBars);
    expect(shown(bars.add(trade('13:30:00', '10', '5')))).toEqual(['13:30 10/10/10/10 5 open']);
    expect(shown(bars.add(trade('13:30:10', '12')))).toEqual(['13:30 10/12/10/12 6 open']);
    expect(shown(bars.add(trade('13:30:59.999', '9')))).toEqual(['13:30 10/12/9/9 7 open']);
    expect(shown(bars.add(trade('13:32:00', '9.5')))).toEqual([
      '13:30 10/12/9/9 7 closed 0',
      '13:32 9.5/9.5/9.5/9.5 1 open',
    ]);
    expect(shown([bars.current()].filter((bar) => bar !== null))).toEqual(['13:32 9.5/9.5/9.5/9.5 1 open']);
  });

  it('close when their time has passed, once', () => {
    const bars = createTradeBars(minuteBars);
    bars.add(trade('13:30:00', '10'));
    expect(bars.flush(at('13:30:59.999'))).toEqual([]);
    expect(shown(bars.flush(at('13:31:00')))).toEqual(['13:30 10/10/10/10 1 closed 0']);
    expect(bars.flush(at('13:32:00'))).toEqual([]);
    expect(bars.current()).toBeNull();
  });

  it('go by the time of the trades within a bar, not by their arrival', () => {
    const bars = createTradeBars(minuteBars);
    bars.add(trade('13:30:30', '10'));
    expect(shown(bars.add(trade('13:30:10', '11')))).toEqual(['13:30 11/11/10/10 2 open']);
    // Of two at the same instant the one that arrives first is the earlier.
    expect(shown(bars.add(trade('13:30:30', '10.5')))).toEqual(['13:30 11/11/10/10.5 3 open']);
    expect(shown(bars.add(trade('13:30:10', '12')))).toEqual(['13:30 11/12/10/10.5 4 open']);
  });

  it('are corrected by late trades, with a higher revision each time', () => {
    const bars = createTradeBars(minuteBars);
    bars.add(trade('13:30:10', '10'));
    bars.add(trade('13:31:10', '20'));
    expect(shown(bars.add(trade('13:30:20', '11', '2')))).toEqual(['13:30 10/11/10/11 3 closed 1']);
    expect(shown(bars.add(trade('13:30:15', '9')))).toEqual(['13:30 10/11/9/11 4 closed 2']);
    expect(shown(bars.add(trade('13:31:20', '21')))).toEqual(['13:31 20/21/20/21 2 open']);
    expect(bars.tooLate()).toBe(0);
  });

  it('are not corrected by a late trade that changes nothing', () => {
    const bars = createTradeBars(minuteBars);
    bars.add(trade('13:30:10', '10'));
    bars.flush(at('13:31:00'));
    expect(bars.add(trade('13:30:20', '10', '0'))).toEqual([]);
  });

  it('appear closed for a late trade where nothing had traded', () => {
    const bars = createTradeBars(minuteBars);
    bars.add(trade('13:30:10', '10'));
    bars.add(trade('13:33:10', '20'));
    expect(shown(bars.add(trade('13:31:10', '15')))).toEqual(['13:31 15/15/15/15 1 closed 0']);
    expect(shown(bars.add(trade('13:31:20', '16')))).toEqual(['13:31 15/16/15/16 2 closed 1']);
    bars.flush(at('13:40:00'));
    expect(shown(bars.add(trade('13:39:59', '17')))).toEqual(['13:39 17/17/17/17 1 closed 0']);
  });

  it('are beyond correction when more bars than are retained have closed since', () => {
    const bars = createTradeBars({ ...minuteBars, retain: 2 });
    for (const minute of ['30', '31', '32', '33']) bars.add(trade(`13:${minute}:10`, '10'));
    expect(bars.add(trade('13:30:20', '11'))).toEqual([]);
    expect(bars.add(trade('13:29:20', '11'))).toEqual([]);
    expect(bars.tooLate()).toBe(2);
    expect(shown(bars.add(trade('13:31:20', '11')))).toEqual(['13:31 10/11/10/11 2 closed 1']);
  });

  it('of a day close at the end of the trading day, and keep the night for the next', () => {
    const bars = createTradeBars({ ...minuteBars, interval: 'DAY_1' });
    bars.add(trade('13:30:00', '10'));
    expect(bars.flush(at('23:59:59'))).toEqual([]);
    const night = Date.parse('2024-07-03T00:00:00Z');
    expect(bars.flush(night)).toMatchObject([{ at: Date.parse('2024-07-02T04:00Z'), isClosed: true }]);
    expect(bars.add({ ...trade('13:30:00', '11'), at: night })).toMatchObject([
      { at: Date.parse('2024-07-03T04:00Z'), isClosed: false },
    ]);
  });

  it('refuse the trades of another symbol', () => {
    const bars = createTradeBars(minuteBars);
    expect(() => bars.add({ ...trade('13:30:00', '10'), symbol: 'IBM' })).toThrow(
      expect.objectContaining({ code: 'BAR_MISMATCH' }),
    );
  });

  const intervals = fc.constantFrom(...BAR_INTERVALS);

  it('are the same in the end in whatever order the trades arrive', () => {
    const shuffled = tradesOf('AAPL').chain((trades) =>
      fc.tuple(fc.constant(trades), fc.shuffledSubarray(trades, { minLength: trades.length })),
    );
    fc.assert(
      fc.property(shuffled, intervals, ([inOrder, arriving], interval) => {
        const finalBars = (trades: readonly Trade[]): Bar[] => {
          const bars = createTradeBars({ ...minuteBars, interval, retain: 100 });
          const published = trades.flatMap((each) => bars.add(each));
          published.push(...bars.flush(Date.UTC(2100, 0, 1)));
          expect(bars.tooLate()).toBe(0);
          return latest(published).map((bar) => ({ ...bar, revision: 0 }));
        };
        expect(finalBars(arriving)).toEqual(finalBars(inOrder));
      }),
      { numRuns: 300 },
    );
  });

  it('are published open until closed once, and corrected in unbroken revisions', () => {
    const shuffled = tradesOf('AAPL').chain((trades) =>
      fc.shuffledSubarray(trades, { minLength: trades.length }),
    );
    fc.assert(
      fc.property(shuffled, intervals, (trades, interval) => {
        const bars = createTradeBars({ ...minuteBars, interval, retain: 3 });
        const revisions = new Map<number, number>();
        for (const bar of trades.flatMap((each) => bars.add(each))) {
          const known = revisions.get(bar.at);
          if (bar.isClosed) expect(bar.revision).toBe(known === undefined ? 0 : known + 1);
          else expect(known).toBeUndefined();
          if (bar.isClosed) revisions.set(bar.at, bar.revision);
          expect(bar.low <= bar.open && bar.low <= bar.close).toBe(true);
          expect(bar.high >= bar.open && bar.high >= bar.close).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('bars of quotes', () => {
  it('hold the middle between bid and ask, and no volume', () => {
    const bars = createQuoteBars(minuteBars);
    expect(shown(bars.add(quote('13:30:00', '10', '10.01')))).toEqual([
      '13:30 10.005/10.005/10.005/10.005 - open',
    ]);
    expect(bars.add(quote('13:30:05', '10', null))).toEqual([]);
    expect(bars.add(quote('13:30:06', '9.99', '10.02'))).toEqual([]);
    expect(shown(bars.add(quote('13:30:10', '11', '13')))).toEqual(['13:30 10.005/12/10.005/12 - open']);
    expect(shown(bars.flush(at('13:31:00')))).toEqual(['13:30 10.005/12/10.005/12 - closed 0']);
  });
});

describe('bars of finer bars', () => {
  const options = { ...minuteBars, interval: 'MINUTE_5' } as const;
  const minute = (time: string, close: string, change: Partial<Bar> = {}): Bar => ({
    symbol: 'AAPL',
    interval: 'MINUTE_1',
    at: at(time),
    open: parseDecimal('10'),
    high: parseDecimal('20'),
    low: parseDecimal('5'),
    close: parseDecimal(close),
    volume: parseDecimal('1'),
    isClosed: true,
    revision: 0,
    ...change,
  });

  it('follow an open bar as it grows, without counting it twice', () => {
    const bars = createRolledUpBars('MINUTE_1', options);
    bars.add(minute('13:30', '11'));
    expect(shown(bars.add(minute('13:31', '12', { isClosed: false })))).toEqual(['13:30 10/20/5/12 2 open']);
    expect(
      shown(bars.add(minute('13:31', '13', { volume: parseDecimal('4'), high: parseDecimal('25') }))),
    ).toEqual(['13:30 10/25/5/13 5 open']);
  });

  it('take over corrections, also of a bar that is closed', () => {
    const bars = createRolledUpBars('MINUTE_1', options);
    for (const time of ['13:30', '13:31', '13:32']) bars.add(minute(time, '11'));
    const corrected = minute('13:30', '11', {
      low: parseDecimal('4'),
      volume: parseDecimal('3'),
      revision: 1,
    });
    expect(shown(bars.add(corrected))).toEqual(['13:30 10/20/4/11 5 open']);
    expect(bars.add(minute('13:30', '11'))).toEqual([]);
    bars.flush(at('13:35'));
    const again = minute('13:31', '11', { high: parseDecimal('30'), revision: 1 });
    expect(shown(bars.add(again))).toEqual(['13:30 10/30/4/11 5 closed 1']);
  });

  it('refuse bars of another interval, and to be finer than their input', () => {
    const bars = createRolledUpBars('MINUTE_1', options);
    expect(() => bars.add(minute('13:30', '11', { interval: 'MINUTE_5' }))).toThrow(
      expect.objectContaining({ code: 'BAR_MISMATCH' }),
    );
    expect(() => createRolledUpBars('HOUR_1', options)).toThrow(
      expect.objectContaining({ code: 'INTERVAL_TOO_FINE' }),
    );
  });

  it('are what aggregating the same history gives', () => {
    const cases = fc
      .uniqueArray(fc.constantFrom(...BAR_INTERVALS), { minLength: 2, maxLength: 2 })
      .map((chosen) => [...chosen].sort((a, b) => BAR_INTERVALS.indexOf(a) - BAR_INTERVALS.indexOf(b)))
      .chain(([fine, coarse]) =>
        fc.tuple(
          fc.constant(fine as BarInterval),
          fc.constant(coarse as BarInterval),
          barsOf('AAPL', fine as BarInterval, usEquityCalendar),
        ),
      );
    fc.assert(
      fc.property(cases, ([fine, coarse, history]) => {
        const live = createRolledUpBars(fine, { ...minuteBars, interval: coarse });
        const end = Date.UTC(2100, 0, 1);
        const published = [...history.flatMap((bar) => live.add(bar)), ...live.flush(end)];
        expect(published.filter(({ isClosed }) => isClosed)).toEqual([
          ...aggregate(history, fine, coarse, usEquityCalendar, end),
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
