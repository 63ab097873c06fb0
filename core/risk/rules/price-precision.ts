import { type Fixed, isRepresentable } from '@omniquant/plugin-sdk/decimal';

import { isOnTick } from '../../market/instrument.ts';
import type { Denial } from '../denial.ts';
import { deny, show } from '../deny.ts';
import type { Candidate, RiskRule } from '../rule.ts';

const checkPrice = (candidate: Candidate, field: string, price: Fixed | null): Denial | null => {
  if (price === null) return null;
  const { symbol, tickSize } = candidate.instrument;
  if (price > 0n && isOnTick(candidate.instrument, price)) return null;
  return deny(
    'PRICE_PRECISION',
    `${field} ${show(price)} is no price of ${symbol}: give a multiple of its tick size ${show(tickSize)} above zero`,
    { field, price, tickSize },
  );
};

/** Offset and price together must still be a number that can be stored. */
const checkSize = ({ price }: Candidate): Denial | null =>
  price === null || isRepresentable(price)
    ? null
    : deny('PRICE_PRECISION', `the order may come to a price of ${show(price)}, which has too many digits`, {
        price,
      });

/**
 * PRICE_PRECISION: limit, stop and a trailing offset in units of price are above zero and multiples of
 * the tick: price mod tickSize = 0. Also the moved prices of a trailing stop then stay on the tick.
 */
export const pricePrecision: RiskRule = {
  name: 'price-precision',
  codes: ['PRICE_PRECISION'],
  compares: 'limit price, stop price and a trailing offset of type PRICE with multiples of the tick size',
  limit: 'Instrument.tickSize',
  exempt: 'none',
  check: (candidate) =>
    checkPrice(candidate, 'limitPrice', candidate.limitPrice) ??
    checkPrice(candidate, 'stopPrice', candidate.stopPrice) ??
    (candidate.terms.trailingOffsetType === 'PRICE'
      ? checkPrice(candidate, 'trailingOffset', candidate.trailingOffset)
      : null) ??
    checkSize(candidate),
};
