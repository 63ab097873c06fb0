import type { AuctionKind } from '@omniquant/venue/book/auction-orders';

import { naiveAuctionPrice } from './naive-auction.ts';
import type { NaiveBook } from './naive-book.ts';
import { setOff } from './naive-matching.ts';
import { better, type Waiting } from './naive-orders.ts';

/** Begins an auction's call: limit orders that wait for it go into the book. */
export function startCall(book: NaiveBook, kind: AuctionKind): void {
  book.state.phase = kind;
  const list = kind === 'OPENING' ? book.state.opening : book.state.closing;
  for (const side of ['BUY', 'SELL']) {
    const limits = list.filter((order) => order.type === 'LIMIT' && order.side === side).sort(better);
    for (const order of limits) {
      list.splice(list.indexOf(order), 1);
      book.rest(order);
    }
  }
}

/** Ends the call with one trade price; what was for the auction only ends with it. */
export function uncross(book: NaiveBook, reference: number): void {
  const { state } = book;
  const markets = state.phase === 'OPENING' ? state.opening : state.closing;
  const called = markets.filter(({ type }) => type === 'MARKET');
  for (const order of called) order.shown = order.leaves;
  const { price, volume } = naiveAuctionPrice([...called, ...state.resting], reference);
  for (let left = volume; left > 0;) {
    const buy = firstInAuction(book, called, 'BUY');
    const sell = firstInAuction(book, called, 'SELL');
    const lots = Math.min(left, buy.shown, sell.shown);
    left -= lots;
    book.record(buy, sell, price, lots);
    buy.leaves -= lots;
    sell.leaves -= lots;
    book.add('AUCTION_TRADE', buy, {
      otherId: sell.id,
      price,
      quantity: lots,
      leaves: buy.leaves,
      otherLeaves: sell.leaves,
      detail: state.trades.length,
    });
    for (const order of [buy, sell]) book.afterFill(order, lots);
  }
  book.add('UNCROSSED', { side: 'BUY', id: 0 }, { price, quantity: volume });
  const ended = [...markets.filter(({ type, leaves }) => type === 'MARKET' && leaves > 0)];
  for (const side of ['BUY', 'SELL']) {
    const ofSide = ended.filter((order) => order.side === side);
    endAuction(book, ofSide);
  }
  const forAuction = state.resting.filter(
    ({ timeInForce }) => timeInForce === 'OPG' || timeInForce === 'CLS',
  );
  for (const side of ['BUY', 'SELL']) {
    endAuction(book, forAuction.filter((order) => order.side === side).sort(better));
  }
  for (const order of called) if (markets.includes(order)) markets.splice(markets.indexOf(order), 1);
  state.phase = 'CONTINUOUS';
  setOff(book, true);
}

function endAuction(book: NaiveBook, orders: Waiting[]): void {
  for (const order of orders) {
    const isShown = book.listOf(order.id) === book.state.resting;
    book.drop(order);
    book.add('CANCELED', order, {
      price: order.type === 'MARKET' ? 0 : order.price,
      quantity: order.leaves,
      otherLeaves: isShown ? order.shown : 0,
      reason: 'AUCTION_ENDED',
    });
  }
}

function firstInAuction(book: NaiveBook, markets: readonly Waiting[], side: string): Waiting {
  const market = markets.find((order) => order.side === side && order.leaves > 0);
  const found = market ?? book.state.resting.filter((o) => o.side === side && !o.allOrNone).sort(better)[0];
  if (found === undefined) throw new Error('the naive auction has more volume than orders');
  return found;
}
