import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import type { DecideContext } from '../engine/decide-context.ts';
import { buildCandidate, type CheckOrderInput } from './candidate.ts';
import type { Denial } from './denial.ts';
import type { Candidate } from './rule.ts';
import { RISK_RULES } from './rules.ts';

export interface OrderCheck {
  /** Why it is refused; null when it is let in. */
  readonly denial: Denial | null;
  /** Null when there was nothing to work with: an unknown symbol, an unreadable number. */
  readonly candidate: Candidate | null;
  /**
   * What the order has to be journaled with so that it reserves (INITIALIZED; of a replacement
   * REPLACE_REQUESTED). Null reserves nothing: reduce-only, legs.
   */
  readonly reservePrice: Fixed | null;
  /** Units that a notional order reserves until the venue has said its quantity; null for others. */
  readonly estimatedQuantity: Fixed | null;
}

/**
 * Runs all pre-trade rules on an order or a replacement. Pure, and reserves nothing by itself: the
 * caller journals the order with the answer's reserve price and estimated quantity, `apply` adds them
 * to the account's exposure, and the next check sees them, so that check and reservation are one step.
 *
 * Prices, quantities and offsets of the terms are checked here; which fields a type needs is not.
 */
export const checkOrder = (
  state: AccountState,
  input: CheckOrderInput,
  context: DecideContext,
): OrderCheck => {
  const result = buildCandidate(state, input, context);
  if (result.kind === 'denied') {
    return { denial: result.denial, candidate: null, reservePrice: null, estimatedQuantity: null };
  }
  const { candidate } = result;
  const reserves = !candidate.isLeg && !candidate.terms.reduceOnly;
  const check: OrderCheck = {
    denial: null,
    candidate,
    reservePrice: reserves ? candidate.price : null,
    estimatedQuantity: candidate.askedQuantity === null ? candidate.quantity : null,
  };
  for (const rule of RISK_RULES) {
    const denial = rule.check(candidate, state, context);
    if (denial !== null) return { ...check, denial };
  }
  return check;
};
