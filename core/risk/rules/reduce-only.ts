import { abs, max } from '@omniquant/plugin-sdk/decimal';

import type { Exposure } from '../../engine/account-state.ts';
import { deny, show } from '../deny.ts';
import { closableQuantity, exposureOf, NO_EXPOSURE } from '../reservation.ts';
import type { Candidate, RiskRule } from '../rule.ts';

/**
 * Units that other open orders of the side may close before. Those that are not reduce-only count
 * where the venue does not shrink a reduce-only order by itself.
 */
const closingElsewhere = (
  { terms, replaces }: Candidate,
  exposure: Exposure | undefined,
  venueEnforces: boolean,
) => {
  if (exposure === undefined) return 0n;
  const own = replaces === null ? NO_EXPOSURE : exposureOf(replaces);
  const [reduceOnly, plain] =
    terms.side === 'BUY'
      ? [exposure.reduceOnlyBuyQuantity, exposure.buyQuantity]
      : [exposure.reduceOnlySellQuantity, exposure.sellQuantity];
  return reduceOnly - own.reduceOnlyQuantity + (venueEnforces ? 0n : plain - own.quantity);
};

/**
 * NO_POSITION without a position to reduce; WOULD_INCREASE_POSITION when quantity + other open
 * reduce-only orders of the side > |position|. Legs of brackets are left out on both sides: they give
 * way when the position is closed otherwise.
 */
export const reduceOnly: RiskRule = {
  name: 'reduce-only',
  codes: ['NO_POSITION', 'WOULD_INCREASE_POSITION'],
  compares:
    'the quantity and that of the other open reduce-only orders of its side with the position (and with all orders of its side where the venue does not enforce reduce-only)',
  limit: 'the position',
  exempt: 'orders without reduceOnly; legs of a bracket',
  check: (candidate, state, { broker }) => {
    const { terms, isLeg, quantity } = candidate;
    if (!terms.reduceOnly || isLeg) return null;
    const { symbol, side } = terms;
    const position = state.positions.get(symbol)?.quantity ?? 0n;
    const closable = closableQuantity(side, position);
    if (closable === 0n) {
      return deny(
        'NO_POSITION',
        `reduce-only ${side} ${symbol} has no ${side === 'BUY' ? 'short' : 'long'} position to reduce: the position is ${show(position)}`,
        { field: 'reduceOnly', position },
      );
    }
    const elsewhere = closingElsewhere(candidate, state.exposure.get(symbol), broker.capabilities.reduceOnly);
    if (quantity + elsewhere <= closable) return null;
    const left = max(closable - elsewhere, 0n);
    return deny(
      'WOULD_INCREASE_POSITION',
      `reduce-only ${side} ${show(quantity)} ${symbol} with ${show(elsewhere)} in open closing orders is more than the position of ${show(abs(position))}: close at most ${show(left)}, or cancel those orders`,
      { field: 'quantity', quantity, openReduceOnly: elsewhere, position, reducible: left },
    );
  },
};
