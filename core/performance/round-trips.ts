import type { OrderSide } from '@omniquant/plugin-sdk';
import { abs, divide, type Fixed, mulDiv, multiply, ONE, toNumber } from '@omniquant/plugin-sdk/decimal';

import { applyFill, emptyPosition, fillNotional } from '../portfolio/apply-fill.ts';
import type { Position } from '../portfolio/position.ts';
import { PerformanceError } from './performance-error.ts';

/** An execution, busted ones left out. */
export interface TradeFill {
  readonly at: number;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: Fixed;
  readonly price: Fixed;
  /** Default one. */
  readonly multiplier?: Fixed;
  /** In the base currency, negative for a rebate; default zero. */
  readonly fee?: Fixed;
  /** Base currency for one unit of the instrument's at the execution; default one. */
  readonly rate?: Fixed;
}

/** A position from entry to exit. Money is exact and in the base currency. */
export interface RoundTrip {
  readonly symbol: string;
  readonly direction: 'LONG' | 'SHORT';
  readonly openedAt: number;
  readonly closedAt: number;
  /** What was entered, and left again. */
  readonly quantity: Fixed;
  /** Average prices in the instrument's currency, half-even to 18 decimals. */
  readonly entryPrice: Fixed;
  readonly exitPrice: Fixed;
  /** Value of the entry at the rates of its executions. */
  readonly entryValue: Fixed;
  /** Before fees, by average cost as the account's ledger books it, at the rates of the exits. */
  readonly grossPnl: Fixed;
  readonly fees: Fixed;
  readonly netPnl: Fixed;
  /** Net PnL over the value of the entry; null where that is zero. */
  readonly return: number | null;
}

/** A position that is still held: what was entered and not yet left. */
export interface OpenTrade {
  readonly symbol: string;
  readonly direction: 'LONG' | 'SHORT';
  readonly openedAt: number;
  readonly quantity: Fixed;
  /** Realised by partial exits that belong to no closed trade, before fees. */
  readonly realizedPnl: Fixed;
  readonly fees: Fixed;
}

/**
 * What counts as one trade. POSITION: from flat to flat, partial exits included. REDUCTION: each execution
 * that makes a position smaller ends a trade of as much, for strategies that rebalance and never go flat.
 */
export type TradeGrouping = 'POSITION' | 'REDUCTION';

export interface Trades {
  /** In the order in which they were closed. */
  readonly closed: readonly RoundTrip[];
  readonly open: readonly OpenTrade[];
}

/** Sums over the entries (or exits) of a trade: a share of them goes with a part of the position. */
interface Leg {
  quantity: Fixed;
  /** Sum of quantity x price. */
  priced: Fixed;
  value: Fixed;
  fees: Fixed;
}

interface Book {
  readonly position: Position;
  openedAt: number;
  entry: Leg;
  exit: Leg;
  pnl: Fixed;
}

const emptyLeg = (): Leg => ({ quantity: 0n, priced: 0n, value: 0n, fees: 0n });

/** A fill or the part of it that closes or opens; the parts of its fee add up to the fee. */
const addToLeg = (leg: Leg, fill: TradeFill, quantity: Fixed, fees: Fixed): void => {
  const notional = fillNotional(fill.price, quantity, fill.multiplier ?? ONE);
  leg.quantity += quantity;
  leg.priced += multiply(fill.price, quantity);
  leg.value += multiply(notional, fill.rate ?? ONE);
  leg.fees += fees;
};

/** Takes the share `part` of `whole` off a leg; the last part takes all that is left. */
const splitOff = (leg: Leg, part: Fixed, whole: Fixed): Leg => {
  const share = (amount: Fixed): Fixed => mulDiv(amount, part, whole);
  const taken = {
    quantity: share(leg.quantity),
    priced: share(leg.priced),
    value: share(leg.value),
    fees: share(leg.fees),
  };
  leg.quantity -= taken.quantity;
  leg.priced -= taken.priced;
  leg.value -= taken.value;
  leg.fees -= taken.fees;
  return taken;
};

const roundTrip = (book: Book, entry: Leg, wasLong: boolean, closedAt: number): RoundTrip => {
  const fees = entry.fees + book.exit.fees;
  const netPnl = book.pnl - fees;
  return {
    symbol: book.position.symbol,
    direction: wasLong ? 'LONG' : 'SHORT',
    openedAt: book.openedAt,
    closedAt,
    quantity: entry.quantity,
    entryPrice: divide(entry.priced, entry.quantity),
    exitPrice: divide(book.exit.priced, book.exit.quantity),
    entryValue: entry.value,
    grossPnl: book.pnl,
    fees,
    netPnl,
    return: entry.value === 0n ? null : toNumber(netPnl) / toNumber(abs(entry.value)),
  };
};

const requireFill = (fill: TradeFill, latest: number): void => {
  if (fill.at < latest) {
    throw new PerformanceError(
      'OUT_OF_ORDER',
      `fill at ${fill.at} comes after ${latest}: sort fills by time`,
    );
  }
  if (fill.quantity <= 0n) {
    throw new PerformanceError(
      'INVALID_NUMBER',
      `a fill of ${fill.symbol} at ${fill.at} has no quantity above zero: its side says which way it went`,
    );
  }
};

/**
 * Round trips of fills in the order of time. A fill that flips a position ends one trade and begins the
 * next, its fee shared by quantity. PnL is the ledger's (core/portfolio): over all trades, closed and open,
 * gross PnL adds up to the realised PnL of the account, and fees to its fees, exactly.
 * Throws {@link PerformanceError} OUT_OF_ORDER, or INVALID_NUMBER for a quantity that is not above zero.
 */
export const tradesOf = (fills: Iterable<TradeFill>, grouping: TradeGrouping = 'POSITION'): Trades => {
  const books = new Map<string, Book>();
  const closed: RoundTrip[] = [];
  let latest = -Infinity;

  const bookOf = (fill: TradeFill): Book => {
    let book = books.get(fill.symbol);
    if (book === undefined) {
      const position = emptyPosition(fill.symbol, '', fill.multiplier ?? ONE);
      book = { position, openedAt: fill.at, entry: emptyLeg(), exit: emptyLeg(), pnl: 0n };
      books.set(fill.symbol, book);
    }
    return book;
  };
  const reduce = (book: Book, fill: TradeFill, held: Fixed, realized: Fixed): Fixed => {
    const part = abs(held) < fill.quantity ? abs(held) : fill.quantity;
    const fee = fill.fee ?? 0n;
    const feeOfExit = part === fill.quantity ? fee : mulDiv(fee, part, fill.quantity);
    addToLeg(book.exit, fill, part, feeOfExit);
    book.pnl += multiply(realized, fill.rate ?? ONE);
    if (grouping === 'REDUCTION' || part === abs(held)) {
      const entry = grouping === 'REDUCTION' ? splitOff(book.entry, part, abs(held)) : book.entry;
      closed.push(roundTrip(book, entry, held > 0n, fill.at));
      if (part === abs(held)) book.entry = emptyLeg();
      book.exit = emptyLeg();
      book.pnl = 0n;
    }
    return fee - feeOfExit;
  };

  for (const fill of fills) {
    requireFill(fill, latest);
    latest = fill.at;
    const book = bookOf(fill);
    const { quantity: held, realizedPnl } = book.position;
    applyFill(book.position, fill.side, fill.quantity, fill.price);
    let fee = fill.fee ?? 0n;
    let entered = fill.quantity;
    if (held !== 0n && held > 0n !== (fill.side === 'BUY')) {
      fee = reduce(book, fill, held, book.position.realizedPnl - realizedPnl);
      entered -= abs(held);
    }
    if (entered <= 0n) continue;
    if (book.entry.quantity === 0n) book.openedAt = fill.at;
    addToLeg(book.entry, fill, entered, fee);
  }

  const open = [...books.values()]
    .filter(({ position }) => position.quantity !== 0n)
    .map(({ position, openedAt, entry, exit, pnl }): OpenTrade => ({
      symbol: position.symbol,
      direction: position.quantity > 0n ? 'LONG' : 'SHORT',
      openedAt,
      quantity: abs(position.quantity),
      realizedPnl: pnl,
      fees: entry.fees + exit.fees,
    }));
  return { closed, open };
};

/** Trades that `fills` closed or left open, of positions that `earlier` fills had entered. Throws as {@link tradesOf}. */
export const tradesFrom = (
  earlier: readonly TradeFill[],
  fills: readonly TradeFill[],
  grouping: TradeGrouping = 'POSITION',
): Trades => {
  if (earlier.length === 0) return tradesOf(fills, grouping);
  const { closed, open } = tradesOf([...earlier, ...fills], grouping);
  return { closed: closed.slice(tradesOf(earlier, grouping).closed.length), open };
};
