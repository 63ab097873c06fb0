import { type Fixed, max, min, multiply, ONE } from '@omniquant/plugin-sdk/decimal';

import type { DecideContext } from '../../engine/decide-context.ts';
import { staleAge } from '../../portfolio/pricing.ts';
import { deny, readLimit, show } from '../deny.ts';
import { farSide } from '../reserve-price.ts';
import type { Candidate, RiskRule } from '../rule.ts';

/** What the limit is compared with: the quote's far side, or the trigger where that lies beyond it. */
const referenceOf = ({ terms, quote, stopPrice }: Candidate): Fixed | null => {
  const far = farSide(terms.side, quote);
  if (far === null || stopPrice === null) return far;
  return terms.side === 'BUY' ? max(far, stopPrice) : min(far, stopPrice);
};

const isStale = ({ quote }: Candidate, { market, wall, settings }: DecideContext): boolean =>
  quote !== undefined && staleAge(quote, market, wall, settings.quoteStaleAfterMs) !== null;

/**
 * PRICE_COLLAR: a buy limit <= reference x (1 + collar), a sell limit >= reference x (1 - collar), the
 * reference being ask or bid, or the stop price beyond it. Limits away from the market are free. An
 * entry whose quote is missing or stale cannot be compared: STALE_QUOTE.
 */
export const priceCollar: RiskRule = {
  name: 'price-collar',
  codes: ['PRICE_COLLAR', 'STALE_QUOTE'],
  compares: 'a limit price through the quote (or through its own stop price) with ask or bid and the collar',
  limit: 'priceCollar',
  exempt: 'orders without a limit price; legs of a bracket; without a fresh quote: orders that only reduce',
  check: (candidate, { limits }, context) => {
    const collar = readLimit(limits.priceCollar);
    const { terms, limitPrice, isLeg, addsExposure } = candidate;
    if (collar === null || limitPrice === null || isLeg) return null;
    const reference = referenceOf(candidate);
    if (reference === null || isStale(candidate, context)) {
      if (!addsExposure) return null;
      return deny(
        'STALE_QUOTE',
        `no fresh quote of ${terms.symbol} to hold the limit price against: wait for one, or lift priceCollar`,
        { symbols: terms.symbol, limitName: 'priceCollar', limitMs: context.settings.quoteStaleAfterMs },
      );
    }
    const isBuy = terms.side === 'BUY';
    const bound = multiply(reference, isBuy ? ONE + collar : ONE - collar);
    if (isBuy ? limitPrice <= bound : limitPrice >= bound) return null;
    return deny(
      'PRICE_COLLAR',
      `${terms.side} limit ${show(limitPrice)} is more than ${show(collar)} (a fraction) ${isBuy ? 'above' : 'below'} the market of ${show(reference)}: ` +
        `${isBuy ? 'bid at most' : 'ask at least'} ${show(bound)}, or widen priceCollar`,
      { field: 'limitPrice', limitName: 'priceCollar', limitPrice, reference, collar, bound },
    );
  },
};
