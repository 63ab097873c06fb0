import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import { createPricing } from '../../portfolio/pricing.ts';
import { worthOf } from '../../portfolio/valuation.ts';
import { dailyLossOf, drawdownOf } from '../../risk/loss.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';

/**
 * Marks the account to market: a new peak of equity is journaled at most once a market second, a loss
 * beyond a limit halts the account. Each rule halts once for a day (for a peak): an operator who
 * lifts the halt is not overruled by the next quote.
 */

const SECOND_MS = 1_000;

const halt = (source: 'DAILY_LOSS' | 'DRAWDOWN', reason: string): readonly DomainEvent[] => [
  { type: 'TRADING_STATE_CHANGED', state: 'HALTED', source, reason },
];

/** Equity in the base currency; null while a price that it needs is missing or stale. */
export const equityOf = (state: AccountState, ctx: DecideContext): bigint | null =>
  worthOf(state, createPricing(ctx.market, ctx.wall, ctx.settings.quoteStaleAfterMs)).equity;

const guardEvents = (state: AccountState, equity: bigint): readonly DomainEvent[] => {
  if (state.tradingState === 'HALTED') return [];
  const day = dailyLossOf(state, equity);
  if (day.isBeyond && state.dailyLossDay !== state.day) {
    const [loss, limit] = [formatDecimal(day.loss ?? 0n), formatDecimal(day.limit ?? 0n)];
    return halt('DAILY_LOSS', `the day's loss of ${loss} is beyond the limit of ${limit}`);
  }
  const fall = drawdownOf(state, equity);
  if (fall.isBeyond && state.drawdownPeak !== state.peakEquity) {
    const [fraction, limit] = [formatDecimal(fall.fraction ?? 0n), formatDecimal(fall.limit ?? 0n)];
    return halt('DRAWDOWN', `the fall from the peak of ${fraction} is beyond the limit of ${limit}`);
  }
  return [];
};

const peakEvents = (state: AccountState, equity: bigint, now: number): readonly DomainEvent[] => {
  if (state.peakEquity !== null) {
    if (equity <= state.peakEquity) return [];
    if (Math.floor(now / SECOND_MS) === Math.floor(state.peakedAt / SECOND_MS)) return [];
  }
  return [{ type: 'EQUITY_PEAKED', equity: formatDecimal(equity) }];
};

export const markToMarket = (
  state: AccountState,
  equity: bigint | null,
  ctx: DecideContext,
): readonly DomainEvent[] =>
  equity === null ? [] : [...peakEvents(state, equity, ctx.now), ...guardEvents(state, equity)];
