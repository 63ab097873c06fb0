import type { DecideContext } from '../../engine/decide-context.ts';
import { staleAge } from '../../portfolio/pricing.ts';
import type { Denial } from '../denial.ts';
import { deny } from '../deny.ts';
import { farSide, needsQuote } from '../reserve-price.ts';
import type { Candidate, RiskRule } from '../rule.ts';

const denyMissing = (symbols: readonly string[], why: string): Denial =>
  deny('STALE_QUOTE', `no fresh price of ${symbols.join(', ')}: ${why}`, { symbols: symbols.join(', ') });

const checkOwnQuote = (candidate: Candidate, context: DecideContext): Denial | null => {
  const { instrument, terms, quote, limitPrice } = candidate;
  if (!needsQuote({ side: terms.side, limitPrice })) return null;
  const { symbol } = instrument;
  if (quote === undefined || farSide(terms.side, quote) === null) {
    return denyMissing([symbol], 'the order cannot be valued; wait for a quote, or buy with a limit price');
  }
  const limit = context.settings.quoteStaleAfterMs;
  const age = staleAge(quote, context.market, context.wall, limit);
  if (age === null) return null;
  return deny(
    'STALE_QUOTE',
    `the last quote of ${symbol} is ${age} ms old, and quotes are trusted for ${limit} ms: wait for a new one, or buy with a limit price`,
    { symbols: symbol, ageMs: age, limitMs: limit },
  );
};

/**
 * STALE_QUOTE: what an entry is worth must be known. Its own quote, unless it is a buy with a limit;
 * the marks of all positions and currencies, since equity stands behind every entry. An order that
 * closes needs no price, but one that is neither reduce-only nor valued could open unseen.
 */
export const staleQuote: RiskRule = {
  name: 'stale-quote',
  codes: ['STALE_QUOTE'],
  compares: 'the age of every quote that values the order, the positions and the currencies with the limit',
  limit: 'quoteStaleAfterMs of the gateway (only while the market of the symbol is open and not halted)',
  exempt:
    'reduce-only orders and legs with a quantity; the own quote: buys with a limit; age: orders that only close',
  check: (candidate, _state, context) => {
    const { terms, isLeg, price, addsExposure, askedQuantity, missing, instrument } = candidate;
    if (askedQuantity === null && price === null) {
      return denyMissing(
        [instrument.symbol],
        'a notional order cannot be sized; wait for a quote, or give a quantity',
      );
    }
    if (!addsExposure) {
      return price === null && !terms.reduceOnly && !isLeg
        ? denyMissing(
            [instrument.symbol],
            'the order cannot be valued; make it reduce-only, or wait for a quote',
          )
        : null;
    }
    const own = checkOwnQuote(candidate, context);
    if (own !== null) return own;
    return missing.length === 0
      ? null
      : denyMissing(missing, "the account's equity cannot be valued; entries have to wait for a quote");
  },
};
