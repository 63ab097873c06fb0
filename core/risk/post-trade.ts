import type { AccountState } from '../engine/account-state.ts';
import type { Valuation } from '../portfolio/valuation.ts';
import { deny, show } from './deny.ts';
import { dailyLossOf, drawdownOf } from './loss.ts';

/** A loss limit that the account has passed, with the numbers compared. */
export interface LimitBreach {
  readonly limit: 'DAILY_LOSS' | 'DRAWDOWN';
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

type LossState = Pick<AccountState, 'limits' | 'baseCurrency' | 'dayOpenEquity' | 'peakEquity'>;

const breach = (
  limit: LimitBreach['limit'],
  message: string,
  details: Parameters<typeof deny>[2],
): LimitBreach => ({
  limit,
  message,
  details: deny(limit === 'DAILY_LOSS' ? 'MAX_DAILY_LOSS' : 'MAX_DRAWDOWN', message, details).details,
});

/**
 * The loss limits that the account is beyond at a valuation: the same comparisons as the pre-trade
 * rules, so that what halts an account also denies its entries. Nothing while equity cannot be valued:
 * a stale price halts nobody. Whether a breach was acted upon before is the caller's to know.
 */
export const evaluateLimits = (
  state: LossState,
  valuation: Pick<Valuation, 'equity'>,
): readonly LimitBreach[] => {
  const { equity } = valuation;
  if (equity === null) return [];
  const breaches: LimitBreach[] = [];
  const { baseCurrency: currency } = state;
  const daily = dailyLossOf(state, equity);
  if (daily.isBeyond && daily.loss !== null && daily.limit !== null) {
    const { loss, limit } = daily;
    const message = `the account has lost ${show(loss)} ${currency} today, more than the limit maxDailyLoss of ${show(limit)}`;
    const details = { loss, limit, equity, dayOpenEquity: state.dayOpenEquity, currency };
    breaches.push(breach('DAILY_LOSS', message, details));
  }
  const fall = drawdownOf(state, equity);
  if (fall.isBeyond && fall.fraction !== null && fall.limit !== null) {
    const { fraction, limit } = fall;
    const message = `equity is ${show(fraction)} (a fraction) below its peak, more than the limit maxDrawdown of ${show(limit)}`;
    const details = { drawdown: fraction, limit, equity, peakEquity: state.peakEquity, currency };
    breaches.push(breach('DRAWDOWN', message, details));
  }
  return breaches;
};
