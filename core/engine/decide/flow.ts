import { type Fixed, formatDecimal, mulDiv } from '@omniquant/plugin-sdk/decimal';

import { fillNotional } from '../../portfolio/apply-fill.ts';
import { createPricing } from '../../portfolio/pricing.ts';
import type { FlowMarks } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import { equityOf } from './loss-guard.ts';

/**
 * Money that comes or goes without a trade is neither a gain nor a loss, so the marks that gains and
 * losses are measured from go along: the day's opening equity by the amount, the peak in proportion to
 * equity, so that the drawdown is the same fraction before and after.
 */
export interface FlowCounter {
  /** An amount of cash, signed. Null where there is nothing to move, or no price to convert it by. */
  cash(amount: Fixed, currency: string): FlowMarks | null;
  /** A change of a position, signed, at the market. */
  position(symbol: string, quantity: Fixed, multiplier: Fixed, currency: string): FlowMarks | null;
}

/** Counts several flows of one decision one after the other. */
export const countFlows = (state: AccountState, ctx: DecideContext): FlowCounter => {
  const pricing = createPricing(ctx.market, ctx.wall, ctx.settings.quoteStaleAfterMs);
  let { dayOpenEquity, peakEquity } = state;
  let equity = equityOf(state, ctx);

  const peakAfter = (peak: Fixed, amount: Fixed): Fixed =>
    equity !== null && equity > 0n && equity + amount > 0n
      ? mulDiv(peak, equity + amount, equity)
      : peak + amount;

  const cash = (amount: Fixed, currency: string): FlowMarks | null => {
    const converted = pricing.convert(amount, currency, state.baseCurrency);
    if (converted.kind !== 'amount' || (dayOpenEquity === null && peakEquity === null)) return null;
    if (dayOpenEquity !== null) dayOpenEquity += converted.amount;
    if (peakEquity !== null) peakEquity = peakAfter(peakEquity, converted.amount);
    if (equity !== null) equity += converted.amount;
    return {
      dayOpenEquity: dayOpenEquity === null ? null : formatDecimal(dayOpenEquity),
      peakEquity: peakEquity === null ? null : formatDecimal(peakEquity),
    };
  };

  return {
    cash,
    position(symbol, quantity, multiplier, currency) {
      const mark = pricing.mark(symbol);
      return mark.kind === 'price' ? cash(fillNotional(mark.price, quantity, multiplier), currency) : null;
    },
  };
};
