import { type Fixed, multiply, ONE, toNumber } from '@omniquant/plugin-sdk/decimal';

import { fillNotional } from '../portfolio/apply-fill.ts';
import type { DailySeries } from './daily-equity.ts';
import type { TradeFill } from './round-trips.ts';
import { ratio } from './sums.ts';

/** What was traded and what that cost, in the base currency. */
export interface Costs {
  readonly fills: number;
  /** Sum of the values of all fills, bought and sold. */
  readonly tradedValue: Fixed;
  /** Fees of fills and other charges (borrow, data, funding). */
  readonly totalFees: Fixed;
  /** Fees over traded value, in basis points; null without fills. */
  readonly feesInBasisPoints: number | null;
  /** Fees over the mean of daily equity, a year; null without equity above zero. */
  readonly feeDrag: number | null;
  /**
   * Half of all that was bought and sold over the mean of daily equity, a year: 1 means that the whole
   * portfolio was exchanged once a year. Null without equity above zero.
   */
  readonly turnover: number | null;
}

/** Mean of equity at the ends of days; exact sums, one division. */
const meanEquity = ({ equity }: DailySeries): number | null => {
  const mean = ratio(toNumber(equity.reduce((sum, value) => sum + value, 0n)), equity.length);
  return mean === null || mean <= 0 ? null : mean;
};

export const costsOf = (
  fills: readonly TradeFill[],
  otherFees: Fixed,
  series: DailySeries,
  periodsPerYear: number,
): Costs => {
  let tradedValue = 0n;
  let fillFees = 0n;
  for (const { price, quantity, multiplier, rate, fee } of fills) {
    tradedValue += multiply(fillNotional(price, quantity, multiplier ?? ONE), rate ?? ONE);
    fillFees += fee ?? 0n;
  }
  const equity = meanEquity(series);
  const perYear = (amount: number): number | null =>
    ratio(amount * periodsPerYear, equity === null ? null : equity * series.days.length);
  const inBasisPoints = ratio(toNumber(fillFees) * 10_000, toNumber(tradedValue));
  return {
    fills: fills.length,
    tradedValue,
    totalFees: fillFees + otherFees,
    feesInBasisPoints: inBasisPoints,
    feeDrag: perYear(toNumber(fillFees + otherFees)),
    turnover: perYear(toNumber(tradedValue) / 2),
  };
};
