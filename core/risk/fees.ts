import type { BrokerCapabilities } from '@omniquant/plugin-sdk';
import { type Fixed, max, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';

/**
 * What a broker says an order costs: max(minimum, quantity x perUnit + notional x rate), in the
 * instrument's currency. An estimate: the fee that counts is the one that comes with the fill.
 */
export const estimateFees = (fees: BrokerCapabilities['fees'], quantity: Fixed, notional: Fixed): Fixed => {
  const charged =
    multiply(quantity, parseDecimal(fees.perUnit)) + multiply(notional, parseDecimal(fees.rate));
  return max(charged, parseDecimal(fees.minimum));
};
