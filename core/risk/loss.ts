import { type Fixed, ONE } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import { dailyPnl, drawdown } from '../portfolio/valuation.ts';
import { readLimit } from './deny.ts';

type LossState = Pick<AccountState, 'limits' | 'dayOpenEquity' | 'peakEquity'>;

/** The day's loss (negative is a gain) against its limit; at the limit is not beyond it. */
export const dailyLossOf = (
  state: LossState,
  equity: Fixed,
): { readonly loss: Fixed | null; readonly limit: Fixed | null; readonly isBeyond: boolean } => {
  const limit = readLimit(state.limits.maxDailyLoss);
  const pnl = dailyPnl(equity, state.dayOpenEquity);
  const loss = pnl === null ? null : -pnl;
  return { loss, limit, isBeyond: loss !== null && limit !== null && loss > limit };
};

/** The fall from the peak against its limit, compared without rounding. */
export const drawdownOf = (
  state: LossState,
  equity: Fixed,
): { readonly fraction: Fixed | null; readonly limit: Fixed | null; readonly isBeyond: boolean } => {
  const limit = readLimit(state.limits.maxDrawdown);
  const fraction = drawdown(equity, state.peakEquity);
  const peak = state.peakEquity;
  const isBeyond =
    fraction !== null && limit !== null && peak !== null && (peak - equity) * ONE > limit * peak;
  return { fraction, limit, isBeyond };
};
