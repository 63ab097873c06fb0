import { deny, show } from '../deny.ts';
import { drawdownOf } from '../loss.ts';
import type { RiskRule } from '../rule.ts';

/** MAX_DRAWDOWN: (equity peak - equity) / equity peak <= maxDrawdown, or no entry is taken. */
export const maxDrawdown: RiskRule = {
  name: 'max-drawdown',
  codes: ['MAX_DRAWDOWN'],
  compares: 'the fall of equity from its peak, as a fraction of the peak',
  limit: 'maxDrawdown',
  exempt: 'orders that only reduce a position',
  check: ({ figures, addsExposure }, state) => {
    if (figures === null || !addsExposure) return null;
    const { fraction, limit, isBeyond } = drawdownOf(state, figures.equity);
    if (!isBeyond || fraction === null || limit === null) return null;
    return deny(
      'MAX_DRAWDOWN',
      `equity ${show(figures.equity)} ${figures.currency} is ${show(fraction)} (a fraction) below its peak of ${show(state.peakEquity ?? 0n)}, more than the limit maxDrawdown of ${show(limit)}: only reducing orders are taken; or raise maxDrawdown`,
      {
        limitName: 'maxDrawdown',
        drawdown: fraction,
        peakEquity: state.peakEquity,
        equity: figures.equity,
        limit,
        currency: figures.currency,
      },
    );
  },
};
