import { BacktestError } from '../backtest-error.ts';
import {
  L2_ACTIONS,
  type L2Columns,
  L3_ACTIONS,
  type L3Columns,
  type QuoteColumns,
  type TickColumns,
  type TickKind,
  type TickSeries,
  type TradeColumns,
} from '../tick-source.ts';

/** A side that is empty may be NaN or 0; sizes that are not known are NaN. */
const isQuoted = (value: number): boolean => !(value < 0) && value !== Infinity;
const isSize = (value: number): boolean => value >= 0 && value < Infinity;
const isPrice = (value: number): boolean => value > 0 && value < Infinity;

const quoteProblem = ({ ask, askSize, bid, bidSize }: QuoteColumns, index: number): string | null => {
  if (!isQuoted(bid[index]!) || !isQuoted(ask[index]!)) return 'has a price below zero';
  return isQuoted(bidSize[index]!) && isQuoted(askSize[index]!) ? null : 'has a size below zero';
};

const tradeProblem = ({ price, side, size }: TradeColumns, index: number): string | null => {
  if (!isPrice(price[index]!)) return 'has a price that is not above zero';
  if (!isSize(size[index]!)) return 'has a size that is no number from 0';
  return Math.abs(side[index]!) <= 1 ? null : 'has a side that is none of 1, -1 and 0';
};

const levelProblem = ({ action, price, side, size }: L2Columns, index: number): string | null => {
  if (action[index] === L2_ACTIONS.SNAPSHOT) return null;
  if (action[index] !== L2_ACTIONS.SET) return 'has an action that is none';
  if (Math.abs(side[index]!) !== 1) return 'has a side that is neither 1 nor -1';
  if (!isPrice(price[index]!)) return 'has a price that is not above zero';
  return isSize(size[index]!) ? null : 'has a size that is no number from 0';
};

const orderProblem = (block: L3Columns, index: number): string | null => {
  const action = block.action[index]!;
  if (action === L3_ACTIONS.CLEAR) return null;
  if (action > L3_ACTIONS.CLEAR) return 'has an action that is none';
  if (!Number.isSafeInteger(block.orderId[index]!)) return 'has an order id that is no safe integer';
  if (action === L3_ACTIONS.DELETE) return null;
  const size = block.size[index]!;
  if (!(isSize(size) && size > 0)) return 'has a size that is not above zero';
  const isNew = action === L3_ACTIONS.ADD || action === L3_ACTIONS.REPLACE;
  if (isNew && !isPrice(block.price[index]!)) return 'has a price that is not above zero';
  if (action === L3_ACTIONS.REPLACE && !Number.isSafeInteger(block.newOrderId[index]!)) {
    return 'has a new order id that is no safe integer';
  }
  if (action !== L3_ACTIONS.ADD || Math.abs(block.side[index]!) === 1) return null;
  return 'has a side that is neither 1 nor -1';
};

type ProblemOf = { readonly [K in TickKind]: (block: TickColumns[K], index: number) => string | null };

const PROBLEMS: ProblemOf = {
  QUOTES: quoteProblem,
  TRADES: tradeProblem,
  L2: levelProblem,
  L3: orderProblem,
};

/** Says which row is wrong, and how. */
export const refuseTick = (
  { kind, symbol }: TickSeries,
  at: number,
  problem: string,
  cause?: unknown,
): never => {
  throw new BacktestError('BAD_TICKS', `the row of ${kind} of ${symbol} at ${String(at)} ${problem}`, null, {
    cause,
  });
};

/** Throws BacktestError BAD_TICKS for a block that cannot follow one that ended at `lastAt`. */
export const checkTicks = <K extends TickKind>(
  series: TickSeries<K>,
  block: TickColumns[K],
  lastAt: number,
): void => {
  const { at } = block;
  const columns: readonly ArrayLike<number>[] = Object.values(block);
  if (columns.some(({ length }) => length !== at.length)) {
    refuseTick(series, at[0] ?? 0, 'has columns of different lengths');
  }
  const problemOf = PROBLEMS[series.kind];
  let last = lastAt;
  for (let index = 0; index < at.length; index += 1) {
    const now = at[index]!;
    if (!(now >= last && Math.abs(now) < Number.MAX_SAFE_INTEGER)) {
      refuseTick(series, now, 'comes before the row before it');
    }
    const problem = problemOf(block, index);
    if (problem !== null) refuseTick(series, now, problem);
    last = now;
  }
};
