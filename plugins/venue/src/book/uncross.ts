import { auctionPrice, type AuctionResult } from './auction-price.ts';
import { EVENT, type EventLog } from './event-log.ts';
import { NONE } from './growing.ts';
import type { LimitOrderBook } from './limit-order-book.ts';
import { BUY, SELL, WHOLE_ONLY } from './order-flags.ts';
import type { TradeTape } from './trade-tape.ts';

/** Where the events and trades of an uncross go. */
interface Output {
  readonly events: EventLog;
  readonly tape: TradeTape;
}

/**
 * Trades what crosses at the one price of {@link auctionPrice}: market orders first, then by price and
 * time. Orders of one owner do trade with each other in an auction.
 */
export function uncross(
  book: LimitOrderBook,
  markets: LimitOrderBook,
  reference: number,
  { events, tape }: Output,
): AuctionResult {
  const result = auctionPrice(book, markets, reference);
  const price = result.price ?? reference;
  for (let left = result.volume; left > 0;) {
    const buyer = markets.bids.best === NONE ? book : markets;
    const seller = markets.asks.best === NONE ? book : markets;
    const buy = firstOf(buyer, BUY);
    const sell = firstOf(seller, SELL);
    const lots = Math.min(left, buyer.orders.shown(buy), seller.orders.shown(sell));
    const [buyId, sellId] = [buyer.orders.id(buy), seller.orders.id(sell)];
    const [buyLeaves, sellLeaves] = [buyer.orders.leaves(buy) - lots, seller.orders.leaves(sell) - lots];
    left -= lots;
    const isBuyRefreshed = buyer.fill(buy, lots) === 'refreshed';
    const isSellRefreshed = seller.fill(sell, lots) === 'refreshed';
    const trade = tape.record(BUY, buyId, sellId, price, lots);
    events.add(EVENT.AUCTION_TRADE, BUY, buyId, sellId, price, lots, buyLeaves, sellLeaves, trade);
    if (isBuyRefreshed) reportRefreshed(buyer, buy, events);
    if (isSellRefreshed) reportRefreshed(seller, sell, events);
  }
  events.add(EVENT.UNCROSSED, BUY, 0, 0, price, result.volume, 0, 0, 0);
  return result;
}

/** The order that is first in line and may be filled in parts; the volume says that there is one. */
function firstOf(book: LimitOrderBook, side: number): number {
  const ladder = book.sideOf(side);
  const { orders } = book;
  for (let level = ladder.best; level !== NONE; level = ladder.behind(ladder.levels.price[level]!)) {
    let slot = ladder.levels.head[level]!;
    while (slot !== NONE && (orders.flags(slot) & WHOLE_ONLY) !== 0) slot = orders.next(slot);
    if (slot !== NONE) return slot;
  }
  throw new RangeError('an auction has more volume than orders');
}

function reportRefreshed(book: LimitOrderBook, slot: number, events: EventLog): void {
  const { orders } = book;
  const [flags, id, price] = [orders.flags(slot), orders.id(slot), book.price(slot)];
  events.add(EVENT.REFRESHED, flags, id, 0, price, orders.shown(slot), orders.leaves(slot), 0, 0);
}
