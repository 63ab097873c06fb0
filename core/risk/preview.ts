import type { Decimal } from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, max, min, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import type { DecideContext } from '../engine/decide-context.ts';
import { fillNotional } from '../portfolio/apply-fill.ts';
import { createPricing } from '../portfolio/pricing.ts';
import { buyingPower, sumInCurrency, valueHoldings } from '../portfolio/valuation.ts';
import type { CheckOrderInput } from './candidate.ts';
import { checkOrder } from './check-order.ts';
import type { Denial } from './denial.ts';
import { estimateFees } from './fees.ts';
import { reservedByCurrency } from './reservation.ts';
import { farSide } from './reserve-price.ts';
import type { Candidate } from './rule.ts';

/** What an order would do now: decimal strings, null where a price is missing. Nothing is reserved. */
export interface OrderPreview {
  readonly denial: Denial | null;
  /** quantity x estimated price x multiplier, in the instrument's currency; of a notional order what it asks for. */
  readonly notional: Decimal | null;
  readonly estimatedPrice: Decimal | null;
  /** In the instrument's currency. */
  readonly estimatedFees: Decimal | null;
  /** In the base currency, once the order works and reserves; below zero says how much is lacking. */
  readonly buyingPowerAfter: Decimal | null;
  /** Signed units, once the order has filled. */
  readonly positionAfter: Decimal | null;
}

/** Where an order may be expected to trade: a limit order that crosses the quote at the quote, others at their own price. */
const estimatePrice = ({ terms, limitPrice, stopPrice, quote, price }: Candidate): Fixed | null => {
  const far = farSide(terms.side, quote);
  if (terms.type === 'MARKET') return far;
  if (terms.type === 'LIMIT' && limitPrice !== null && far !== null) {
    return terms.side === 'BUY' ? min(limitPrice, far) : max(limitPrice, far);
  }
  return limitPrice ?? stopPrice ?? price;
};

/** Buying power with what is reserved now, for an order that reserves nothing more. */
const buyingPowerNow = (state: AccountState, context: DecideContext): Fixed | null => {
  const pricing = createPricing(context.market, context.wall, context.settings.quoteStaleAfterMs);
  const reserved = sumInCurrency(reservedByCurrency(state), state.baseCurrency, pricing);
  const multiplier = parseDecimal(context.broker.capabilities.buyingPowerMultiplier);
  return buyingPower(valueHoldings(state, pricing), reserved, multiplier);
};

const buyingPowerAfter = (
  { figures, addsExposure }: Candidate,
  state: AccountState,
  context: DecideContext,
): Fixed | null => {
  if (figures === null) return addsExposure ? null : buyingPowerNow(state, context);
  return figures.capacity - figures.grossExposure - figures.reservedAfter - figures.fees;
};

const text = (value: Fixed | null): Decimal | null => (value === null ? null : formatDecimal(value));

/**
 * The answer of `previewOrder`: runs the rules and works out the numbers. `refusal` is what a check
 * before the risk rules already has to say (structure, broker not ready); it goes before theirs.
 */
export const previewOrder = (
  state: AccountState,
  input: CheckOrderInput,
  context: DecideContext,
  refusal: Denial | null = null,
): OrderPreview => {
  const { candidate, denial } = checkOrder(state, input, context);
  if (candidate === null) {
    return {
      denial: refusal ?? denial,
      notional: null,
      estimatedPrice: null,
      estimatedFees: null,
      buyingPowerAfter: null,
      positionAfter: null,
    };
  }
  const { terms, instrument, quantity, askedQuantity } = candidate;
  const price = estimatePrice(candidate);
  const asked = askedQuantity === null ? candidate.notional : null;
  const notional = asked ?? (price === null ? null : fillNotional(price, quantity, instrument.multiplier));
  const fees = notional === null ? null : estimateFees(context.broker.capabilities.fees, quantity, notional);
  const position = state.positions.get(terms.symbol)?.quantity ?? 0n;
  const isSized = askedQuantity !== null || candidate.price !== null;
  return {
    denial: refusal ?? denial,
    notional: text(notional),
    estimatedPrice: text(price),
    estimatedFees: text(fees),
    buyingPowerAfter: text(buyingPowerAfter(candidate, state, context)),
    positionAfter: isSized ? text(position + (terms.side === 'BUY' ? quantity : -quantity)) : null,
  };
};
