import { describe, expect, it } from '@jest/globals';
import type { AuctionResult } from '@omniquant/venue/book/auction-price';
import { topOfBook } from '@omniquant/venue/book/book-views';
import { type EngineOrder, engineOrder } from '@omniquant/venue/book/engine-order';
import { MatchingEngine } from '@omniquant/venue/book/matching-engine';

type Row = readonly [side: 'BUY' | 'SELL', quantity: number, price: number | 'MARKET'];

/** An engine in its opening call with some orders, numbered from 1. */
function called(...rows: readonly Row[]): MatchingEngine {
  const engine = new MatchingEngine();
  engine.startCall('OPENING');
  for (const [index, [side, quantity, price]] of rows.entries()) {
    const terms: Partial<EngineOrder> = price === 'MARKET' ? { type: 'MARKET' } : { price };
    engine.submit(engineOrder({ id: index + 1, side, quantity, ...terms }));
  }
  return engine;
}

const priceOf = (reference: number, ...rows: readonly Row[]): AuctionResult =>
  called(...rows).indicative(reference);

describe('the price of an auction', () => {
  it('is where most trades', () => {
    expect(
      priceOf(
        100,
        ['BUY', 200, 202],
        ['BUY', 200, 201],
        ['BUY', 300, 200],
        ['SELL', 100, 200],
        ['SELL', 200, 198],
        ['SELL', 400, 197],
      ),
    ).toEqual({
      price: 200,
      volume: 700,
      surplus: 0,
    });
  });

  it('is, of several, where the surplus is least', () => {
    expect(priceOf(90, ['BUY', 10, 101], ['BUY', 5, 100], ['SELL', 10, 99])).toMatchObject({
      price: 101,
      surplus: 0,
    });
  });

  it('follows the pressure: highest with a surplus to buy, lowest with one to sell', () => {
    expect(priceOf(0, ['BUY', 500, 202], ['SELL', 300, 199]).price).toBe(202);
    expect(priceOf(300, ['BUY', 300, 202], ['SELL', 500, 199]).price).toBe(199);
  });

  it.each([
    [150, 199],
    [200, 200],
    [300, 202],
  ])('is without pressure the reference price %i, within the limits: %i', (reference, price) => {
    expect(priceOf(reference, ['BUY', 300, 202], ['SELL', 300, 199]).price).toBe(price);
  });

  it('lies between surpluses to buy and to sell', () => {
    const rows = [
      ['BUY', 100, 202],
      ['BUY', 100, 201],
      ['SELL', 100, 199],
      ['SELL', 100, 202],
    ] as const;
    // At 199 to 201 200 want to buy and 100 to sell; at 202 it is the other way round.
    expect(priceOf(100, ...rows)).toMatchObject({ price: 201, volume: 100 });
    expect(priceOf(300, ...rows)).toMatchObject({ price: 202, volume: 100 });
  });

  it('is the reference price where market orders meet, and none where nothing does', () => {
    expect(priceOf(123, ['BUY', 5, 'MARKET'], ['SELL', 7, 'MARKET'])).toEqual({
      price: 123,
      volume: 5,
      surplus: -2,
    });
    expect(priceOf(123, ['BUY', 5, 99], ['SELL', 7, 100])).toEqual({ price: null, volume: 0, surplus: 0 });
  });
});

describe('an auction', () => {
  it('collects orders that cross, trades them at one price, market orders first, and then matches again', () => {
    const engine = called(
      ['BUY', 5, 101],
      ['SELL', 4, 99],
      ['BUY', 3, 'MARKET'],
      ['SELL', 2, 100],
      ['BUY', 9, 98],
    );
    expect(topOfBook(engine.book)).toEqual({ bid: 101, bidLots: 5, ask: 99, askLots: 4 });
    const { price, volume } = engine.uncross(100);
    expect([price, volume]).toEqual([101, 6]);
    const trades = engine.events.all().filter(({ kind }) => kind === 'AUCTION_TRADE');
    expect(trades.map(({ id, otherId, quantity, price: at }) => [id, otherId, quantity, at])).toEqual([
      [3, 2, 3, 101],
      [1, 2, 1, 101],
      [1, 4, 2, 101],
    ]);
    engine.submit(engineOrder({ id: 6, side: 'SELL', price: 101, quantity: 1 }));
    expect(engine.events.kind(0)).toBe('TRADE');
  });

  it('takes OPG and CLS orders into their own call, and ends them with it', () => {
    const engine = new MatchingEngine();
    engine.submit(engineOrder({ id: 1, price: 100, timeInForce: 'CLS' }));
    engine.submit(engineOrder({ id: 2, price: 100, timeInForce: 'OPG' }));
    engine.submit(engineOrder({ id: 3, side: 'SELL', price: 100 }));
    expect(engine.events.kind(0)).toBe('RESTED');
    engine.cancel(3);
    engine.startCall('OPENING');
    expect(engine.book.size).toBe(1);
    engine.uncross(100);
    expect(engine.events.all()).toMatchObject([
      { kind: 'UNCROSSED' },
      { kind: 'CANCELED', id: 2, reason: 'AUCTION_ENDED' },
    ]);
    engine.startCall('CLOSING');
    engine.submit(engineOrder({ id: 4, side: 'SELL', type: 'MARKET' }));
    expect(engine.uncross(100)).toMatchObject({ price: 100, volume: 1 });
    expect(engine.state.closing.size + engine.book.size).toBe(0);
  });

  it('sets off stop orders by its price, and takes none that wants to trade at once', () => {
    const engine = called(['BUY', 1, 100], ['SELL', 1, 100], ['BUY', 2, 90]);
    engine.submit(engineOrder({ id: 8, side: 'SELL', type: 'STOP', stop: 100 }));
    for (const values of [
      { timeInForce: 'IOC' },
      { allOrNone: true },
      { postOnly: 'SLIDE' },
      { minimum: 1 },
    ] as const) {
      engine.submit(engineOrder({ id: 9, price: 100, ...values }));
      expect(engine.events.reason(0)).toBe('IN_AUCTION');
    }
    engine.uncross(95);
    expect(engine.events.all().map(({ kind }) => kind)).toEqual([
      'AUCTION_TRADE',
      'UNCROSSED',
      'TRIGGERED',
      'TRADE',
    ]);
  });

  it('has a call before its uncross, and one at a time', () => {
    const engine = new MatchingEngine();
    expect(() => engine.uncross(1)).toThrow(expect.objectContaining({ code: 'WRONG_PHASE' }));
    engine.startCall('CLOSING');
    expect(() => engine.startCall('OPENING')).toThrow(expect.objectContaining({ code: 'WRONG_PHASE' }));
    expect(() => engine.uncross(NaN)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
  });
});
