import { isRepresentable } from '@omniquant/plugin-sdk/decimal';

import { deny, show } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

/** MAX_QUANTITY: quantity <= maxQuantity of the instrument; of a notional order the estimate at its reserve price. */
export const maxQuantity: RiskRule = {
  name: 'max-quantity',
  codes: ['MAX_QUANTITY'],
  compares:
    "the order's whole quantity (of a notional order the estimate) with the most that the venue takes",
  limit: 'Instrument.maxQuantity',
  exempt: 'none',
  check: ({ instrument, askedQuantity, quantity }) => {
    const most = instrument.maxQuantity;
    const asked = askedQuantity ?? quantity;
    const field = askedQuantity === null ? 'notional' : 'quantity';
    if (!isRepresentable(asked)) {
      return deny('MAX_QUANTITY', `${show(asked)} ${instrument.symbol} has too many digits: order less`, {
        field,
        quantity: asked,
      });
    }
    if (most === null || asked <= most) return null;
    return deny(
      'MAX_QUANTITY',
      `${show(asked)} ${instrument.symbol} is more than the ${show(most)} that the venue takes in one order: split it`,
      { field, quantity: asked, maxQuantity: most },
    );
  },
};
