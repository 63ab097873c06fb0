import type { OrderSide } from '@omniquant/plugin-sdk';
import { BookError } from '@omniquant/venue/book/book-error';

import { L2_ACTIONS, L3_ACTIONS } from '../tick-source.ts';
import type { LevelDepth } from './level-depth.ts';
import type { OrderDepth } from './order-depth.ts';
import { refuseTick } from './tick-checks.ts';
import type { TickCursor } from './tick-cursor.ts';
import { NEWS, type TickMarket } from './tick-market.ts';

/*
 * What the current row of a series does to the market of its symbol. Each answers NEWS; NONE while a message goes on.
 */

const sideOf = (side: number): OrderSide => (side > 0 ? 'BUY' : 'SELL');

export const readQuote = (market: TickMarket, { block, endsAt, index }: TickCursor<'QUOTES'>): number => {
  const { quotes, symbol } = market;
  const [bid, ask] = [block.bid[index]!, block.ask[index]!];
  market.bid = bid > 0 ? bid : null;
  market.ask = ask > 0 ? ask : null;
  if (quotes === null) {
    market.touch(endsAt);
    return NEWS.QUOTE;
  }
  const [bidSize, askSize] = [block.bidSize[index]!, block.askSize[index]!];
  quotes.set(
    bid > 0 ? symbol.ticks(bid) : 0,
    Number.isNaN(bidSize) ? Infinity : symbol.lotsOf(bidSize),
    ask > 0 ? symbol.ticks(ask) : Infinity,
    Number.isNaN(askSize) ? Infinity : symbol.lotsOf(askSize),
  );
  const priced = market.readTop() ? NEWS.PRICED : NEWS.NONE;
  market.touch(endsAt);
  market.liquidity?.bookMoved(true);
  return NEWS.MOVED | NEWS.QUOTE | priced;
};

export const readTrade = (market: TickMarket, { block, endsAt, index }: TickCursor<'TRADES'>): number => {
  const [price, size] = [block.price[index]!, block.size[index]!];
  market.setTrade(endsAt, price, size);
  market.touch(endsAt);
  // Executions of single orders say more of the same trades.
  if (market.orders === null) {
    market.liquidity?.traded(market.tick.last, market.symbol.lotsOf(size), block.side[index]!);
  }
  return NEWS.MOVED | NEWS.TRADE | NEWS.PRICED;
};

export const readLevel = (market: TickMarket, cursor: TickCursor<'L2'>): number => {
  const { levels } = market;
  if (levels === null) return NEWS.NONE;
  const { gaps } = levels.numbers;
  setLevel(market, levels, cursor);
  const gap = levels.numbers.gaps > gaps ? NEWS.GAP : NEWS.NONE;
  if (!isMessageOver(cursor)) return gap;
  const { isAnew } = levels;
  levels.isAnew = false;
  return bookNews(market, cursor.endsAt, isAnew) | gap;
};

const setLevel = (market: TickMarket, levels: LevelDepth, cursor: TickCursor<'L2'>): void => {
  const { block, index } = cursor;
  const sequence = block.sequence[index]!;
  if (block.action[index] === L2_ACTIONS.SNAPSHOT) {
    levels.snapshot(sequence);
    return;
  }
  if (!levels.follows(sequence)) {
    if (levels.numbers.isFresh) refuseTick(cursor.series, cursor.endsAt, 'comes before any snapshot');
    return;
  }
  const side = sideOf(block.side[index]!);
  const price = market.symbol.ticks(block.price[index]!);
  levels.set(side, price, market.symbol.lotsOf(block.size[index]!));
  if (!levels.isAnew) market.liquidity?.levelSet(side, price);
};

const isMessageOver = (cursor: TickCursor<'L2'>): boolean => {
  const { block, index, isLastOfBlock, nextBlock } = cursor;
  const next = isLastOfBlock ? nextBlock : block;
  if (next === null) return true;
  const place = isLastOfBlock ? 0 : index + 1;
  return next.at[place] !== block.at[index] || !Object.is(next.sequence[place], block.sequence[index]);
};

const bookNews = (market: TickMarket, at: number, isAnew: boolean): number => {
  const isOther = market.readTop();
  market.touch(at);
  market.liquidity?.bookMoved(isAnew);
  if (!isOther) return NEWS.MOVED;
  if (market.kinds.has('QUOTES')) return NEWS.MOVED | NEWS.PRICED;
  market.quoteTop();
  return NEWS.MOVED | NEWS.PRICED | NEWS.QUOTE;
};

export const readOrder = (market: TickMarket, cursor: TickCursor<'L3'>): number => {
  const { orders } = market;
  if (orders === null) return NEWS.NONE;
  const { block, endsAt, index } = cursor;
  const sequence = block.sequence[index]!;
  if (block.action[index] === L3_ACTIONS.CLEAR) orders.clear(sequence);
  else {
    const { gaps } = orders.numbers;
    if (!orders.numbers.follows(sequence)) {
      if (orders.numbers.gaps === gaps) return NEWS.NONE;
      return bookNews(market, endsAt, true) | NEWS.GAP;
    }
  }
  const trade = changeOrder(market, orders, cursor);
  return bookNews(market, endsAt, false) | trade;
};

/** @returns TRADE when the row was one. */
const changeOrder = (market: TickMarket, orders: OrderDepth, cursor: TickCursor<'L3'>): number => {
  const { block, index } = cursor;
  const { symbol } = market;
  const [id, price] = [block.orderId[index]!, block.price[index]!];
  const lots = symbol.lotsOf(block.size[index]!);
  try {
    switch (block.action[index]) {
      case L3_ACTIONS.ADD:
        orders.add(id, sideOf(block.side[index]!), symbol.ticks(price), lots);
        break;
      case L3_ACTIONS.REDUCE:
        orders.reduce(id, lots);
        break;
      case L3_ACTIONS.EXECUTE:
        orders.execute(id, lots);
        return executed(market, orders, cursor, lots);
      case L3_ACTIONS.DELETE:
        orders.delete(id);
        break;
      case L3_ACTIONS.REPLACE:
        orders.replace(id, block.newOrderId[index]!, symbol.ticks(price), lots);
        break;
      default:
        break;
    }
  } catch (cause) {
    if (!(cause instanceof BookError)) throw cause;
    refuseTick(cursor.series, cursor.endsAt, `does not fit the book: ${cause.message}`, cause);
  }
  return NEWS.NONE;
};

const executed = (
  market: TickMarket,
  { executedPrice, executedSide }: OrderDepth,
  { block, endsAt, index }: TickCursor<'L3'>,
  lots: number,
): number => {
  // Whoever took was on the other side of the order that rested.
  market.liquidity?.traded(executedPrice, lots, executedSide === 'BUY' ? -1 : 1);
  if (market.kinds.has('TRADES')) return NEWS.NONE;
  const price = block.price[index]!;
  market.setTrade(endsAt, price > 0 ? price : market.symbol.priceOf(executedPrice), block.size[index]!);
  return NEWS.TRADE | NEWS.PRICED;
};
