import type { Liquidity, OrderSide } from '@omniquant/plugin-sdk';
import { type Fixed, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { InstrumentGrid } from './instrument-grid.ts';

/** One account's money and positions. Positions in lots, negative is short; none is zero. */
export interface AccountState {
  readonly id: string;
  readonly currency: string;
  readonly cash: Map<string, Fixed>;
  readonly positions: Map<string, number>;
  /** What live orders tie up. */
  reserved: Fixed;
  /** Number of the account's last message. */
  seq: number;
}

/** Price that a position is valued at, ticks; 0 while the symbol never traded. */
export type Marks = (symbol: string) => { readonly grid: InstrumentGrid; readonly last: number } | undefined;

export const newAccount = (id: string, currency: string): AccountState => ({
  id,
  currency,
  cash: new Map(),
  positions: new Map(),
  reserved: 0n,
  seq: 0,
});

export const positionOf = (account: AccountState, symbol: string): number =>
  account.positions.get(symbol) ?? 0;

export const addCash = (account: AccountState, currency: string, amount: Fixed): void => {
  account.cash.set(currency, (account.cash.get(currency) ?? 0n) + amount);
};

export const addPosition = (account: AccountState, symbol: string, lots: number): void => {
  const total = positionOf(account, symbol) + lots;
  if (total === 0) account.positions.delete(symbol);
  else account.positions.set(symbol, total);
};

/** Money and position of one execution, or with `sign` -1 of its reversal. */
export const applyExecution = (
  account: AccountState,
  grid: InstrumentGrid,
  execution: { readonly side: OrderSide; readonly price: number; readonly lots: number; readonly fee: Fixed },
  sign: 1 | -1,
): void => {
  const bought = execution.side === 'BUY' ? execution.lots : -execution.lots;
  addPosition(account, grid.symbol, sign * bought);
  const paid = grid.value(execution.price, bought) + execution.fee;
  addCash(account, grid.instrument.currency, sign === 1 ? -paid : paid);
};

/** Lots of an order that would make the position smaller. */
export const reducibleLots = (account: AccountState, symbol: string, side: OrderSide): number => {
  const position = positionOf(account, symbol);
  return side === 'BUY' ? Math.max(0, -position) : Math.max(0, position);
};

/** Cash plus positions at market, and the positions' value without sign. */
export const valueOf = (account: AccountState, marks: Marks): { equity: Fixed; gross: Fixed } => {
  let equity = 0n;
  let gross = 0n;
  for (const cash of account.cash.values()) equity += cash;
  for (const [symbol, lots] of account.positions) {
    const mark = marks(symbol);
    if (mark === undefined) continue;
    const value = mark.grid.value(mark.last, lots);
    equity += value;
    gross += value < 0n ? -value : value;
  }
  return { equity, gross };
};

/** Whether equity times the margin multiplier carries the positions, the live orders and one more. */
export const canCarry = (account: AccountState, marks: Marks, more: Fixed, multiplier: Fixed): boolean => {
  const { equity, gross } = valueOf(account, marks);
  return equity >= 0n && gross + account.reserved + more <= multiply(equity, multiplier);
};

/** What a venue charges for an execution: max(minimum, quantity x perUnit + value x rate). */
export interface FeeSchedule {
  readonly perUnit: string;
  readonly rate: string;
  readonly minimum: string;
}

/** An execution that a fee is due for. */
export interface ChargedFill {
  readonly grid: InstrumentGrid;
  /** Ticks. */
  readonly price: number;
  readonly lots: number;
  /** Null for an auction. */
  readonly liquidity: Liquidity | null;
  /** Nothing of its order was filled before. */
  readonly isFirst: boolean;
  /** Market time. */
  readonly at: number;
}

/** What an execution costs, in the instrument's currency; below zero is a rebate. Asked once for each, in order. */
export type FeeModel = (fill: ChargedFill) => Fixed;

/** A schedule, read once. */
export const feeCalculator = (schedule: FeeSchedule): FeeModel => {
  const perUnit = parseDecimal(schedule.perUnit);
  const rate = parseDecimal(schedule.rate);
  const minimum = parseDecimal(schedule.minimum);
  return ({ grid, price, lots }) => {
    const byUnit = perUnit === 0n ? 0n : multiply(grid.quantityFixed(lots), perUnit);
    const byValue = rate === 0n ? 0n : multiply(grid.value(price, lots), rate);
    const fee = byUnit + byValue;
    return fee > minimum ? fee : minimum;
  };
};
