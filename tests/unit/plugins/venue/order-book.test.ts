import { describe, expect, it } from '@jest/globals';
import type { BookOrder, BookResult } from '@omniquant/venue/book-order';
import { OrderBook } from '@omniquant/venue/order-book';
import fc from 'fast-check';

import { NaiveBook } from '../../../support/venue/naive-book.ts';

const limit = (id: number, side: 'BUY' | 'SELL', price: number, quantity: number): BookOrder => ({
  id,
  side,
  price,
  quantity,
  timeInForce: 'GTC',
  postOnly: false,
  display: null,
});

describe('OrderBook', () => {
  it('fills the better price first, and the earlier order at the same price', () => {
    const book = new OrderBook();
    book.submit(limit(1, 'SELL', 101, 5));
    book.submit(limit(2, 'SELL', 100, 5));
    book.submit(limit(3, 'SELL', 100, 5));

    const { fills, outcome } = book.submit(limit(4, 'BUY', 101, 12));

    expect(outcome).toBe('done');
    expect(fills.map(({ makerId, price, quantity }) => [makerId, price, quantity])).toEqual([
      [2, 100, 5],
      [3, 100, 5],
      [1, 101, 2],
    ]);
    expect(book.best('SELL')).toBe(101);
  });

  it('lets what is left of a limit order rest, and never of a market or immediate order', () => {
    const book = new OrderBook();
    book.submit(limit(1, 'SELL', 100, 5));
    expect(book.submit({ ...limit(2, 'BUY', 100, 8), timeInForce: 'IOC' })).toMatchObject({
      outcome: 'canceled',
      leaves: 3,
    });
    book.submit(limit(3, 'SELL', 100, 5));
    expect(book.submit({ ...limit(4, 'BUY', 0, 8), price: null })).toMatchObject({
      outcome: 'canceled',
      leaves: 3,
    });
    expect(book.submit(limit(5, 'BUY', 99, 8))).toMatchObject({ outcome: 'rested', leaves: 8 });
    expect(book.size).toBe(1);
  });

  it('fills a fill-or-kill order whole or not at all, hidden parts included', () => {
    const book = new OrderBook();
    book.submit({ ...limit(1, 'SELL', 100, 10), display: 2 });
    const kill = { ...limit(2, 'BUY', 100, 11), timeInForce: 'FOK' as const };
    expect(book.submit(kill)).toMatchObject({ outcome: 'refused', fills: [] });
    expect(book.submit({ ...kill, quantity: 10 })).toMatchObject({ outcome: 'done' });
  });

  it('refuses a post-only order that would take', () => {
    const book = new OrderBook();
    book.submit(limit(1, 'SELL', 100, 1));
    expect(book.submit({ ...limit(2, 'BUY', 100, 1), postOnly: true }).outcome).toBe('refused');
    expect(book.submit({ ...limit(3, 'BUY', 99, 1), postOnly: true }).outcome).toBe('rested');
  });

  it('shows a display quantity at a time and sends the next part to the end of the queue', () => {
    const book = new OrderBook();
    book.submit({ ...limit(1, 'SELL', 100, 6), display: 2 });
    book.submit(limit(2, 'SELL', 100, 3));
    expect(book.depth('SELL', 1)).toEqual([{ price: 100, quantity: 5, orders: 2 }]);

    const { fills } = book.submit(limit(3, 'BUY', 100, 6));

    expect(fills.map(({ makerId, quantity }) => [makerId, quantity])).toEqual([
      [1, 2],
      [2, 3],
      [1, 1],
    ]);
    expect(book.find(1)).toMatchObject({ leaves: 3, shown: 1 });
  });

  it('keeps the place of an order that shrinks and no other', () => {
    const book = new OrderBook();
    book.submit(limit(1, 'BUY', 100, 5));
    book.submit(limit(2, 'BUY', 100, 5));
    expect(book.replace(1, 100, 4)?.outcome).toBe('rested');
    expect(book.first('BUY')?.id).toBe(1);
    book.replace(1, 100, 6);
    expect(book.first('BUY')?.id).toBe(2);
    expect(book.replace(9, 100, 1)).toBeUndefined();
  });

  it('takes a cancelled order out and says what was left', () => {
    const book = new OrderBook();
    book.submit(limit(1, 'BUY', 100, 5));
    expect(book.cancel(1)).toBe(5);
    expect(book.cancel(1)).toBe(0);
    expect(book.best('BUY')).toBeNull();
  });

  it('agrees with a naive book on any sequence of commands', () => {
    fc.assert(
      fc.property(fc.array(commandArbitrary, { maxLength: 120 }), (commands) => {
        const book = new OrderBook();
        const naive = new NaiveBook();
        for (const [index, command] of commands.entries()) {
          expect(run(book, command, index)).toEqual(run(naive, command, index));
          expect(book.orders('BUY')).toEqual(naive.orders('BUY'));
          expect(book.orders('SELL')).toEqual(naive.orders('SELL'));
        }
      }),
      { numRuns: 300 },
    );
  });
});

type Command =
  | { kind: 'submit'; order: Omit<BookOrder, 'id'> }
  | { kind: 'cancel'; id: number }
  | { kind: 'replace'; id: number; price: number; quantity: number };

interface Book {
  submit(order: BookOrder): BookResult;
  cancel(id: number): number;
  replace(id: number, price: number, quantity: number): BookResult | undefined;
}

const run = (book: Book, command: Command, index: number): BookResult | number | undefined => {
  if (command.kind === 'submit') return book.submit({ ...command.order, id: index });
  if (command.kind === 'cancel') return book.cancel(command.id);
  return book.replace(command.id, command.price, command.quantity);
};

const price = fc.integer({ min: 95, max: 105 });
const quantity = fc.integer({ min: 1, max: 20 });
const submitArbitrary = fc.record({
  kind: fc.constant('submit' as const),
  order: fc.record({
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    price: fc.option(price, { freq: 8 }),
    quantity,
    timeInForce: fc.constantFrom('GTC' as const, 'GTC' as const, 'IOC' as const, 'FOK' as const),
    postOnly: fc.boolean(),
    display: fc.option(fc.integer({ min: 1, max: 5 })),
  }),
});
const commandArbitrary: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: submitArbitrary },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), id: fc.nat(119) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('replace' as const), id: fc.nat(119), price, quantity }),
  },
);
