import { deny, show } from '../deny.ts';
import { dailyLossOf } from '../loss.ts';
import type { RiskRule } from '../rule.ts';

/** MAX_DAILY_LOSS: equity at the day's opening - equity <= maxDailyLoss, or no entry is taken. */
export const dailyLoss: RiskRule = {
  name: 'daily-loss',
  codes: ['MAX_DAILY_LOSS'],
  compares: "the loss since the day's opening equity",
  limit: 'maxDailyLoss',
  exempt: 'orders that only reduce a position',
  check: ({ figures, addsExposure }, state) => {
    if (figures === null || !addsExposure) return null;
    const { loss, limit, isBeyond } = dailyLossOf(state, figures.equity);
    if (!isBeyond || loss === null || limit === null) return null;
    return deny(
      'MAX_DAILY_LOSS',
      `the account has lost ${show(loss)} ${figures.currency} today, more than the limit maxDailyLoss of ${show(limit)}: only reducing orders are taken until the next day; or raise maxDailyLoss`,
      {
        limitName: 'maxDailyLoss',
        loss,
        dayOpenEquity: state.dayOpenEquity,
        equity: figures.equity,
        limit,
        currency: figures.currency,
      },
    );
  },
};
