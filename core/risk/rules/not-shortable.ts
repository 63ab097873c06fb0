import { max, min } from '@omniquant/plugin-sdk/decimal';

import { deny, show } from '../deny.ts';
import { closableQuantity, exposureOf, NO_EXPOSURE } from '../reservation.ts';
import type { RiskRule } from '../rule.ts';

/**
 * NOT_SHORTABLE: where instrument or broker cannot be short, quantity + open sell orders (reduce-only
 * ones included, legs not) <= long position.
 */
export const notShortable: RiskRule = {
  name: 'not-shortable',
  codes: ['NOT_SHORTABLE'],
  compares: 'the quantity and all open sell orders of the symbol with the long position',
  limit: 'Instrument.shortable, the broker',
  exempt: 'buys; reduce-only orders; legs of a bracket',
  check: (candidate, state, { broker }) => {
    const { terms, instrument, isLeg, quantity, replaces } = candidate;
    if (terms.side === 'BUY' || terms.reduceOnly || isLeg) return null;
    if (instrument.shortable && broker.capabilities.shortSelling) return null;
    const position = state.positions.get(terms.symbol)?.quantity ?? 0n;
    const exposure = state.exposure.get(terms.symbol);
    const own = replaces === null ? NO_EXPOSURE : exposureOf(replaces);
    const openSells =
      (exposure?.sellQuantity ?? 0n) + (exposure?.reduceOnlySellQuantity ?? 0n) - own.quantity;
    const sellable = max(closableQuantity('SELL', position) - openSells, 0n);
    const short = quantity - min(quantity, sellable);
    if (short === 0n || (replaces !== null && quantity <= own.quantity)) return null;
    const who = instrument.shortable ? 'the broker' : terms.symbol;
    return deny(
      'NOT_SHORTABLE',
      `SELL ${show(quantity)} ${terms.symbol} would open a short of ${show(short)}, and ${who} cannot be sold short: ` +
        `sell at most ${show(sellable)} (position ${show(position)}, open sell orders ${show(openSells)})`,
      { field: 'quantity', quantity, position, openSellQuantity: openSells, sellable },
    );
  },
};
