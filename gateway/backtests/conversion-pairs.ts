import type { VenueInstrument } from '@omniquant/plugin-sdk';

import { badSetting } from './bad-setting.ts';
import type { MarketDataSource } from './market-data/market-data-source.ts';

/**
 * The currency pairs that prices of the instruments are converted to the base currency with, such as EUR/USD for a share
 * in EUR of an account in USD. Throws BacktestError BAD_USER_INPUT where there are no bars of one.
 */
export function conversionPairs(
  traded: readonly VenueInstrument[],
  baseCurrency: string,
  data: MarketDataSource,
): readonly VenueInstrument[] {
  const pairs = new Map<string, VenueInstrument>();
  for (const [index, { currency, symbol }] of traded.entries()) {
    if (currency === baseCurrency || pairs.has(currency)) continue;
    const pair = findPair(currency, baseCurrency, data);
    if (pair === null) {
      throw badSetting(
        `symbols[${String(index)}]`,
        `is ${symbol}, which is quoted in ${currency}: import bars of ${currency}/${baseCurrency}, or set ` +
          `baseCurrency to ${currency}`,
      );
    }
    pairs.set(currency, pair);
  }
  return [...pairs.values()];
}

/** By the names that core/portfolio/pricing.ts converts with. */
function findPair(from: string, to: string, data: MarketDataSource): VenueInstrument | null {
  for (const symbol of [`${from}/${to}`, `${from}${to}`, `${to}/${from}`, `${to}${from}`]) {
    const instrument = data.instrument(symbol);
    if (instrument !== null) return instrument;
  }
  return null;
}
