import type { Decimal } from '@omniquant/plugin-sdk';
import { formatDecimal, mulDiv, parseDecimal } from '@omniquant/plugin-sdk/decimal';

/*
 * Splits and dividends of prices as they were traded. A run is reckoned in the units of its last day: prices of before a
 * split are divided by its ratio, and volumes multiplied, as they are read. So nothing jumps on an ex-day: positions,
 * resting orders and triggers mean the same before and after, what indicators see is continuous, and no fraction is
 * left over. Dividends are paid in cash, for each of these units as much as it got then.
 */

/** Money for each unit that is held when a trading day begins. */
export interface Dividend {
  readonly symbol: string;
  /** The first trading day without it, 'YYYY-MM-DD' on the calendar of the account. */
  readonly exDay: string;
  /** For one unit, in the currency of the instrument. */
  readonly amount: Decimal;
}

/** Of `from` units become `to` when a trading day begins: 2 for 1 is `{ to: 2, from: 1 }`, 1 for 10 `{ to: 1, from: 10 }`. */
export interface Split {
  readonly symbol: string;
  /** First trading day with the new units, 'YYYY-MM-DD'. */
  readonly exDay: string;
  readonly to: number;
  readonly from: number;
}

export type CorporateAction =
  | ({ readonly kind: 'SPLIT' } & Split)
  | { readonly kind: 'DIVIDEND'; readonly symbol: string; readonly exDay: string; readonly amount: Decimal };

/** What was imported beside the series of a symbol, in the order of its days. */
export interface StoredActions {
  readonly symbol: string;
  /** Where it came from, for people: the name of the file. */
  readonly source: string;
  /** All of this symbol. */
  readonly actions: readonly CorporateAction[];
}

/** What units of before have become. */
interface Ratio {
  readonly to: bigint;
  readonly from: bigint;
}

const ONCE: Ratio = { to: 1n, from: 1n };

/** What one unit that is held at the end of a day, and before the next one begins, has become by the last split. */
export const ratioAfter = (splits: readonly Split[], symbol: string, day: string): Ratio =>
  splits.reduce(
    (ratio, split) =>
      split.symbol === symbol && split.exDay > day
        ? { to: ratio.to * BigInt(split.to), from: ratio.from * BigInt(split.from) }
        : ratio,
    ONCE,
  );

/** Whether each unit of any time has become whole ones of the last day. */
export const isInWholeUnits = (splits: readonly Split[], symbol: string): boolean =>
  ['', ...splits.map(({ exDay }) => exDay)].every((day) => {
    const { from, to } = ratioAfter(splits, symbol, day);
    return to % from === 0n;
  });

/** A dividend per unit of the last day, to 18 decimals. That of the ex-day of a split is per new unit. */
export const inLastUnits = (dividend: Dividend, splits: readonly Split[]): Dividend => {
  const { from, to } = ratioAfter(splits, dividend.symbol, dividend.exDay);
  if (from === to) return dividend;
  const amount = mulDiv(parseDecimal(dividend.amount), from, to);
  return { ...dividend, amount: formatDecimal(amount) };
};

/**
 * A tick fine enough that prices divided by all splits together lose no more by rounding than they had lost by the tick
 * that they were traded in.
 */
export function tickAfterSplits(tickSize: Decimal, splits: readonly Split[], symbol: string): Decimal {
  const { from, to } = ratioAfter(splits, symbol, '');
  let tick = parseDecimal(tickSize);
  for (let reached = from; reached < to && tick % 10n === 0n; reached *= 10n) tick /= 10n;
  return formatDecimal(tick);
}
