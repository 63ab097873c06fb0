import { deny, show } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

/** MIN_QUANTITY: quantity >= minQuantity of the instrument; of a notional order the estimate at its reserve price. */
export const minQuantity: RiskRule = {
  name: 'min-quantity',
  codes: ['MIN_QUANTITY'],
  compares:
    "the order's whole quantity (of a notional order the estimate) with the least that the venue takes",
  limit: 'Instrument.minQuantity',
  exempt: 'notional orders while no price is known',
  check: ({ instrument, askedQuantity, quantity, price }) => {
    const least = instrument.minQuantity;
    if (least === null || (askedQuantity === null && price === null)) return null;
    const asked = askedQuantity ?? quantity;
    if (asked >= least) return null;
    return deny(
      'MIN_QUANTITY',
      `${show(asked)} ${instrument.symbol} is less than the ${show(least)} that the venue takes at least: order more`,
      { field: askedQuantity === null ? 'notional' : 'quantity', quantity: asked, minQuantity: least },
    );
  },
};
