import { type Fixed, isMultipleOf, ONE } from '@omniquant/plugin-sdk/decimal';

import type { DecideContext } from '../../engine/decide-context.ts';
import { isOnLot } from '../../market/instrument.ts';
import type { Denial } from '../denial.ts';
import { deny, show } from '../deny.ts';
import type { Candidate, RiskRule } from '../rule.ts';

const checkQuantity = (
  { instrument }: Candidate,
  { broker }: DecideContext,
  field: string,
  quantity: Fixed | null,
): Denial | null => {
  if (quantity === null) return null;
  const { symbol, lotSize, fractionable } = instrument;
  if (!isOnLot(instrument, quantity)) {
    return deny(
      'QUANTITY_PRECISION',
      `${field} ${show(quantity)} is no quantity of ${symbol}: give a multiple of its lot size ${show(lotSize)}`,
      { field, quantity, lotSize, fractionable },
    );
  }
  if (isMultipleOf(quantity, ONE) || (fractionable && broker.capabilities.fractional)) return null;
  const who = fractionable ? 'the broker trades' : `${symbol} trades in`;
  return deny(
    'QUANTITY_PRECISION',
    `${field} ${show(quantity)} is a fraction, and ${who} whole units only: give a whole number`,
    { field, quantity, lotSize, fractionable },
  );
};

/**
 * QUANTITY_PRECISION: quantity mod lotSize = 0, and parts of a unit only where instrument and broker
 * trade them. The display quantity likewise.
 */
export const quantityPrecision: RiskRule = {
  name: 'quantity-precision',
  codes: ['QUANTITY_PRECISION'],
  compares:
    'quantity and display quantity with multiples of the lot size; fractions with what instrument and broker trade',
  limit: 'Instrument.lotSize, Instrument.fractionable, the broker',
  exempt: 'notional orders, whose quantity the venue works out',
  check: (candidate, _state, context) =>
    checkQuantity(candidate, context, 'quantity', candidate.askedQuantity) ??
    checkQuantity(candidate, context, 'displayQuantity', candidate.displayQuantity),
};
