import type { OrderTerms } from '@omniquant/plugin-sdk';
import { type Fixed, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Denial } from '../../risk/denial.ts';
import type { PlaceOrder, StopLossTerms } from '../command.ts';
import { checkTrailingOffset } from './order-shape.ts';
import { fieldDenial } from './results.ts';

/**
 * The exits of a bracket: on the other side of the entry, reduce-only, good till cancelled (a
 * protection that ends with the day would protect nobody), sized to what the entry has filled.
 */

const LEG = {
  notional: null,
  expireAt: null,
  timeInForce: 'GTC',
  postOnly: false,
  reduceOnly: true,
  displayQuantity: null,
  extendedHours: false,
} as const;

const exitOf = ({ symbol, side, quantity }: OrderTerms) =>
  ({ ...LEG, symbol, quantity, side: side === 'BUY' ? 'SELL' : 'BUY' }) as const;

export const takeProfitTerms = (entry: OrderTerms, limitPrice: string): OrderTerms => ({
  ...exitOf(entry),
  type: 'LIMIT',
  limitPrice,
  stopPrice: null,
  trailingOffset: null,
  trailingOffsetType: null,
});

export const stopLossTerms = (entry: OrderTerms, stop: StopLossTerms): OrderTerms => ({
  ...exitOf(entry),
  type: stop.trailingOffset !== null ? 'TRAILING_STOP' : stop.limitPrice !== null ? 'STOP_LIMIT' : 'STOP',
  limitPrice: stop.limitPrice,
  stopPrice: stop.stopPrice,
  trailingOffset: stop.trailingOffset,
  trailingOffsetType: stop.trailingOffsetType,
});

const price = (text: string | null): Fixed | null => (text === null ? null : (tryParseDecimal(text) ?? null));

const checkPrice = (field: string, text: string | null): Denial | null => {
  if (text === null) return null;
  const value = price(text);
  return value === null || value <= 0n ? fieldDenial(field, 'has to be a decimal above zero') : null;
};

const checkStopFields = (stop: StopLossTerms): Denial | null => {
  if (stop.stopPrice === null && stop.trailingOffset === null) {
    return fieldDenial('stopLoss.stopPrice', 'or a trailing offset is needed');
  }
  if (stop.trailingOffset === null) {
    if (stop.trailingOffsetType === null) return null;
    return fieldDenial('stopLoss.trailingOffsetType', 'goes with a trailing offset');
  }
  if (stop.stopPrice !== null) {
    return fieldDenial('stopLoss.stopPrice', 'and a trailing offset exclude each other');
  }
  if (stop.limitPrice !== null) {
    return fieldDenial('stopLoss.limitPrice', 'does not go with a trailing offset');
  }
  return checkTrailingOffset(stop, 'stopLoss.');
};

/** The profit has to lie on the gain's side of the entry, the stop on the loss's, and both apart. */
const checkOrderOfPrices = (command: PlaceOrder): Denial | null => {
  const { terms, takeProfit, stopLoss } = command;
  const direction = terms.side === 'BUY' ? 1n : -1n;
  const profit = price(takeProfit?.limitPrice ?? null);
  const stop = price(stopLoss?.stopPrice ?? null);
  const entry = price(terms.limitPrice ?? terms.stopPrice);
  const isAbove = (a: Fixed, b: Fixed): boolean => direction * (a - b) > 0n;
  const side = terms.side === 'BUY' ? ['above', 'below'] : ['below', 'above'];
  if (profit !== null && entry !== null && !isAbove(profit, entry)) {
    return fieldDenial('takeProfit.limitPrice', `has to be ${side[0] ?? ''} the entry's price`);
  }
  if (stop !== null && entry !== null && !isAbove(entry, stop)) {
    return fieldDenial('stopLoss.stopPrice', `has to be ${side[1] ?? ''} the entry's price`);
  }
  if (profit !== null && stop !== null && !isAbove(profit, stop)) {
    return fieldDenial('takeProfit.limitPrice', `has to be ${side[0] ?? ''} the stop loss`);
  }
  return null;
};

/** Null for a plain order or a well-formed bracket, else INVALID_ORDER. */
export const checkBracketShape = (command: PlaceOrder): Denial | null => {
  const { terms, takeProfit, stopLoss } = command;
  if (takeProfit === null && stopLoss === null) return null;
  const field = takeProfit === null ? 'stopLoss' : 'takeProfit';
  if (terms.quantity === null) return fieldDenial(field, 'goes with a quantity, not with a notional');
  if (terms.reduceOnly) return fieldDenial(field, 'does not go with reduceOnly');
  return (
    checkPrice('takeProfit.limitPrice', takeProfit?.limitPrice ?? null) ??
    checkPrice('stopLoss.stopPrice', stopLoss?.stopPrice ?? null) ??
    checkPrice('stopLoss.limitPrice', stopLoss?.limitPrice ?? null) ??
    (stopLoss === null ? null : checkStopFields(stopLoss)) ??
    checkOrderOfPrices(command)
  );
};
