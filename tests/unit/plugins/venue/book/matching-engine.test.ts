import { describe, expect, it } from '@jest/globals';
import { depthOf, lotsAhead, orderOf, ordersOf, topOfBook } from '@omniquant/venue/book/book-views';
import { type EngineOrder, engineOrder } from '@omniquant/venue/book/engine-order';
import { MatchingEngine } from '@omniquant/venue/book/matching-engine';
import { stateHash } from '@omniquant/venue/book/state-hash';

/** An engine that tells what each command caused in short, as 'TRADE 3<1 5@100'. */
class Told {
  readonly engine = new MatchingEngine({ capacity: 2 });

  buy(id: number, quantity: number, price: number, more: Partial<EngineOrder> = {}): string[] {
    return this.send({ id, side: 'BUY', quantity, price, ...more });
  }

  sell(id: number, quantity: number, price: number, more: Partial<EngineOrder> = {}): string[] {
    return this.send({ id, side: 'SELL', quantity, price, ...more });
  }

  send(values: Partial<EngineOrder>): string[] {
    this.engine.submit(engineOrder(values));
    return this.story();
  }

  story(): string[] {
    return this.engine.events.all().map((event) => {
      const { kind, id, otherId, price, quantity, leaves, reason } = event;
      if (kind === 'TRADE') return `TRADE ${id}<${otherId} ${quantity}@${price}`;
      if (kind === 'AUCTION_TRADE') return `AUCTION ${id}<${otherId} ${quantity}@${price}`;
      if (kind === 'RESTED' || kind === 'REFRESHED') return `${kind} ${id} ${quantity}/${leaves}@${price}`;
      return [kind, id, reason].filter((part) => part !== 'NONE').join(' ');
    });
  }
}

describe('the matching engine', () => {
  it('fills the better price first, then the earlier order, at the price of the one that waited', () => {
    const told = new Told();
    told.sell(1, 5, 101);
    told.sell(2, 5, 100);
    told.sell(3, 5, 100);
    expect(told.buy(4, 12, 102)).toEqual(['TRADE 4<2 5@100', 'TRADE 4<3 5@100', 'TRADE 4<1 2@101']);
    expect(topOfBook(told.engine.book)).toEqual({ bid: null, bidLots: 0, ask: 101, askLots: 3 });
  });

  it('cancels what a market or IOC order does not get, and kills a FOK order that cannot fill whole', () => {
    const told = new Told();
    told.sell(1, 5, 100);
    expect(told.buy(2, 6, 100, { timeInForce: 'FOK' })).toEqual(['CANCELED 2 NOT_WHOLE']);
    expect(told.buy(3, 2, 100, { timeInForce: 'FOK' })).toEqual(['TRADE 3<1 2@100']);
    expect(told.buy(4, 2, 100, { timeInForce: 'IOC', minimum: 4, quantity: 9 })).toEqual([
      'CANCELED 4 MINIMUM_NOT_MET',
    ]);
    expect(told.send({ id: 5, type: 'MARKET', quantity: 9 })).toEqual([
      'TRADE 5<1 3@100',
      'CANCELED 5 NO_COUNTERPARTY',
    ]);
  });

  it('shows an iceberg part by part, each behind the others, and counts its hidden part for FOK', () => {
    const told = new Told();
    expect(told.sell(1, 6, 100, { display: 2 })).toEqual(['RESTED 1 2/6@100']);
    told.sell(2, 3, 100);
    expect(depthOf(told.engine.book, 'SELL')).toEqual([{ price: 100, lots: 5, orders: 2 }]);
    expect(told.buy(3, 9, 100, { timeInForce: 'FOK' })).toEqual([
      'TRADE 3<1 2@100',
      'REFRESHED 1 2/4@100',
      'TRADE 3<2 3@100',
      'TRADE 3<1 2@100',
      'REFRESHED 1 2/2@100',
      'TRADE 3<1 2@100',
    ]);
  });

  it('rejects or slides a post-only order that would take', () => {
    const told = new Told();
    told.sell(1, 5, 100);
    expect(told.buy(2, 1, 100, { postOnly: 'REJECT' })).toEqual(['REJECTED 2 WOULD_TAKE']);
    expect(told.buy(3, 1, 105, { postOnly: 'SLIDE' })).toEqual(['RESTED 3 1/1@99']);
    expect(told.sell(4, 1, 50, { postOnly: 'SLIDE' })).toEqual(['RESTED 4 1/1@100']);
  });

  it('passes over an all-or-none order that is too large, which keeps its place', () => {
    const told = new Told();
    told.sell(1, 10, 100, { allOrNone: true });
    told.sell(2, 3, 100);
    expect(told.buy(3, 4, 100)).toEqual(['TRADE 3<2 3@100', 'RESTED 3 1/1@100']);
    expect(told.buy(4, 10, 100, { allOrNone: true })).toEqual(['TRADE 4<1 10@100']);
    expect(told.sell(5, 2, 100, { allOrNone: true })).toEqual(['RESTED 5 2/2@100']);
  });

  it.each([
    ['CANCEL_NEWEST', ['TRADE 3<1 2@100', 'CANCELED 3 SELF_TRADE'], 4],
    ['CANCEL_OLDEST', ['TRADE 3<1 2@100', 'CANCELED 2 SELF_TRADE', 'RESTED 3 5/5@100'], null],
    ['CANCEL_BOTH', ['TRADE 3<1 2@100', 'CANCELED 2 SELF_TRADE', 'CANCELED 3 SELF_TRADE'], null],
    [
      'DECREMENT_AND_CANCEL',
      ['TRADE 3<1 2@100', 'CANCELED 2 SELF_TRADE', 'REDUCED 3 SELF_TRADE', 'RESTED 3 1/1@100'],
      null,
    ],
    ['ALLOW', ['TRADE 3<1 2@100', 'TRADE 3<2 4@100', 'RESTED 3 1/1@100'], null],
  ] as const)('meets an order of the same owner by %s', (selfTrade, story, left) => {
    const told = new Told();
    told.sell(1, 2, 100, { owner: 8 });
    told.sell(2, 4, 100, { owner: 7 });
    expect(told.buy(3, 7, 100, { owner: 7, selfTrade })).toEqual(story);
    expect(orderOf(told.engine.book, 2)?.leaves ?? null).toBe(left);
  });

  it('keeps the place of an order that only shrinks', () => {
    const told = new Told();
    told.buy(1, 5, 100);
    told.buy(2, 5, 100);
    told.engine.replace(1, 100, 4);
    expect(told.story()).toEqual(['REDUCED 1 REPLACED']);
    expect(ordersOf(told.engine.book, 'BUY').map(({ id }) => id)).toEqual([1, 2]);
    told.engine.replace(1, 100, 6);
    expect(told.story()).toEqual(['REPLACED 1', 'RESTED 1 6/6@100']);
    expect(lotsAhead(told.engine.book, 1)).toBe(5);
    told.sell(3, 1, 103);
    told.engine.replace(1, 103, 6);
    expect(told.story()).toEqual(['REPLACED 1', 'TRADE 1<3 1@103', 'RESTED 1 5/5@103']);
  });

  it('sets off stop orders by trades, one after the other, the nearest first', () => {
    const told = new Told();
    for (const [id, price] of [
      [1, 100],
      [2, 101],
      [3, 102],
      [4, 103],
    ] as const) {
      told.sell(id, 1, price);
    }
    expect(told.buy(5, 1, 0, { type: 'STOP', stop: 101 })).toEqual(['HELD 5']);
    told.buy(6, 1, 104, { type: 'STOP_LIMIT', stop: 100 });
    expect(told.buy(7, 1, 100)).toEqual([
      'TRADE 7<1 1@100',
      'TRIGGERED 6',
      'TRADE 6<2 1@101',
      'TRIGGERED 5',
      'TRADE 5<3 1@102',
    ]);
    expect(told.buy(8, 1, 0, { type: 'STOP', stop: 102 })).toEqual([
      'HELD 8',
      'TRIGGERED 8',
      'TRADE 8<4 1@103',
    ]);
    told.sell(9, 1, 0, { type: 'STOP', stop: 90 });
    told.engine.tradedElsewhere(89);
    expect(told.story()).toEqual(['TRIGGERED 9', 'CANCELED 9 NO_COUNTERPARTY']);
  });

  it('busts one of the last trades once, and leaves the book as it is', () => {
    const told = new Told();
    told.sell(1, 5, 100);
    told.buy(2, 2, 100);
    const before = stateHash(told.engine.state);
    told.engine.bust(1);
    expect(told.engine.events.all()).toMatchObject([
      { kind: 'BUSTED', id: 2, otherId: 1, price: 100, quantity: 2, detail: 1 },
    ]);
    told.engine.bust(1);
    expect(told.story()).toEqual(['REJECTED 0 ALREADY_BUSTED']);
    told.engine.bust(2);
    expect(told.story()).toEqual(['REJECTED 0 UNKNOWN_TRADE']);
    expect(stateHash(told.engine.state)).toBe(before);
  });

  it('knows no trade that is older than its memory', () => {
    const engine = new MatchingEngine({ tradeMemory: 2 });
    engine.submit(engineOrder({ id: 1, side: 'SELL', price: 1, quantity: 9 }));
    for (let id = 2; id < 6; id += 1) engine.submit(engineOrder({ id, price: 1 }));
    engine.bust(2);
    expect(engine.events.reason(0)).toBe('UNKNOWN_TRADE');
    engine.bust(3);
    expect(engine.events.kind(0)).toBe('BUSTED');
  });

  it.each<[Partial<EngineOrder>, string]>([
    [{ id: 0.5 }, 'INVALID_ID'],
    [{ owner: NaN }, 'INVALID_OWNER'],
    [{ quantity: 0 }, 'INVALID_QUANTITY'],
    [{ quantity: 2 ** 53 }, 'INVALID_QUANTITY'],
    [{ price: Infinity }, 'INVALID_PRICE'],
    [{ type: 'STOP', stop: 1.5 }, 'INVALID_STOP'],
    [{ display: -1 }, 'INVALID_DISPLAY'],
    [{ display: 1, quantity: 10_001 }, 'INVALID_DISPLAY'],
    [{ minimum: 2 }, 'INVALID_MINIMUM'],
    [{ type: 'MARKET', postOnly: 'SLIDE' }, 'INVALID_COMBINATION'],
    [{ display: 1, allOrNone: true }, 'INVALID_COMBINATION'],
    [{ type: 'STOP', timeInForce: 'CLS' }, 'INVALID_COMBINATION'],
    [{ id: 1 }, 'DUPLICATE_ID'],
    [{ quantity: 2 ** 52 }, 'BOOK_FULL'],
  ])('rejects %j and changes nothing', (values, reason) => {
    const told = new Told();
    told.buy(1, 1, 100);
    const before = stateHash(told.engine.state);
    expect(told.send({ id: 2, price: 99, ...values })).toEqual([
      `REJECTED ${String(values.id ?? 2)} ${reason}`,
    ]);
    expect(stateHash(told.engine.state)).toBe(before);
  });

  it('grows without losing an order', () => {
    const told = new Told();
    for (let id = 1; id <= 5_000; id += 1) told.sell(id, id, id * 100, { display: 1 });
    for (let id = 1; id <= 5_000; id += 1) told.buy(10_000 + id, 1, 0, { type: 'STOP', stop: id * 100 });
    expect(depthOf(told.engine.book, 'SELL')).toHaveLength(5_000);
    told.buy(9_999, 1, 100);
    // Each stop order takes from the level that the one before it left, and sets off the next.
    expect(told.engine.events.all().filter(({ kind }) => kind === 'TRIGGERED').length).toBeGreaterThan(1);
    for (let id = 2; id <= 5_000; id += 1) told.engine.cancel(id);
    expect(told.engine.book.size).toBe(0);
  });

  it('takes any price, however far or below zero, and any id', () => {
    const told = new Told();
    const far = [Number.MIN_SAFE_INTEGER, -(2 ** 40), -1, 0, 255, 256, 2 ** 40, Number.MAX_SAFE_INTEGER];
    for (const [index, price] of far.entries()) told.buy(2 ** 52 + index * 2 ** 32, index + 1, price);
    expect(depthOf(told.engine.book, 'BUY').map(({ price }) => price)).toEqual(far.toReversed());
    told.sell(-5, 36, Number.MIN_SAFE_INTEGER);
    expect(told.engine.book.size).toBe(0);
  });
});
