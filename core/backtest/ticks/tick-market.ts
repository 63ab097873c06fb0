import type { Quote, Trade } from '@omniquant/plugin-sdk';

import type { TickKind } from '../tick-source.ts';
import type { TradedSymbol } from '../traded-symbol.ts';
import { LevelDepth } from './level-depth.ts';
import type { MarketDepth } from './market-depth.ts';
import { MovingTick } from './moving-tick.ts';
import { OrderDepth } from './order-depth.ts';
import { QuoteDepth } from './quote-depth.ts';
import type { TickLiquidity } from './tick-liquidity.ts';

/** What a row came to: bits, so that telling costs nothing. */
export const NEWS = {
  NONE: 0,
  /** The market may trade otherwise than before. */
  MOVED: 1,
  QUOTE: 2,
  TRADE: 4,
  /** Messages of the feed are missing. */
  GAP: 8,
  /** What it is worth may be another. */
  PRICED: 16,
} as const;

/**
 * One symbol as its ticks tell it. The finest that there is of its book is what orders trade against: single orders, else
 * levels, else quotes, else trades alone.
 */
export class TickMarket {
  readonly symbol: TradedSymbol;
  readonly kinds: ReadonlySet<TickKind>;
  readonly orders: OrderDepth | null;
  readonly levels: LevelDepth | null;
  readonly quotes: QuoteDepth | null;
  /** Null where only trades are known. */
  readonly depth: MarketDepth | null;
  readonly tick = new MovingTick();
  /** What its orders trade with; null until somebody may have some. */
  liquidity: TickLiquidity | null = null;
  /** The quote and trade at hand, as strategies are given them. */
  bid: number | null = null;
  ask: number | null = null;
  tradePrice = 0;
  tradeSize = 0;
  /** When it was. */
  tradedAt = Number.NEGATIVE_INFINITY;
  private lastPrice: number | null = null;

  constructor(symbol: TradedSymbol, kinds: ReadonlySet<TickKind>) {
    this.symbol = symbol;
    this.kinds = kinds;
    this.orders = kinds.has('L3') ? new OrderDepth() : null;
    this.levels = this.orders === null && kinds.has('L2') ? new LevelDepth() : null;
    const isQuoted = this.orders === null && this.levels === null && kinds.has('QUOTES');
    this.quotes = isQuoted ? new QuoteDepth() : null;
    this.depth = this.orders ?? this.levels ?? this.quotes;
  }

  /** Its trades tell its price: in a series of their own, or as executions of single orders. */
  get hasTrades(): boolean {
    return this.kinds.has('TRADES') || this.orders !== null;
  }

  /** The market has traded. */
  setTrade(at: number, price: number, size: number): void {
    this.tradedAt = at;
    this.tradePrice = price;
    this.tradeSize = size;
    this.lastPrice = price;
    this.tick.last = this.symbol.ticks(price);
    this.symbol.last = this.tick.last;
  }

  /** The book is another. @returns Whether its best prices are. */
  readTop(): boolean {
    const { depth, symbol, tick } = this;
    if (depth === null) return false;
    const { ask, bid } = depth;
    if (tick.bid === bid && tick.ask === ask) return false;
    tick.bid = bid;
    tick.ask = ask;
    // An empty book, of between two snapshots or sessions, says nothing of what things are worth.
    if (bid > 0 || ask < Infinity) {
      symbol.bid = bid;
      symbol.ask = ask === Infinity ? 0 : ask;
    }
    return true;
  }

  /** The quote that strategies are given, where no series of quotes says it. */
  quoteTop(): void {
    const { ask, bid } = this.tick;
    this.bid = bid > 0 ? this.symbol.priceOf(bid) : null;
    this.ask = ask < Infinity ? this.symbol.priceOf(ask) : null;
  }

  /** Something was told at an instant. */
  touch(at: number): void {
    const time = Math.floor(at);
    this.tick.at = time;
    this.symbol.lastAt = time;
    this.symbol.isTicking = true;
    if (this.depth === null) this.tick.bid = this.tick.ask = this.tick.last;
  }

  /** A price for an auction: the last trade, else the middle of the book or the side that it has; 0 without any. */
  auctionPrice(): number {
    const { ask, bid, last } = this.tick;
    if (last > 0) return last;
    if (bid === 0) return ask < Infinity ? ask : 0;
    return ask < Infinity ? Math.round((bid + ask) / 2) : bid;
  }

  quote(): Quote {
    const { ask, bid, lastPrice: last, symbol } = this;
    return { symbol: symbol.symbol, at: this.tick.at, bid, ask, last };
  }

  trade(): Trade {
    const { symbol, tradePrice: price, tradeSize: size } = this;
    return { symbol: symbol.symbol, at: this.tick.at, price, size };
  }
}
