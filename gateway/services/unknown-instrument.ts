import type { MarketData } from '../../core/runtime/market-data.ts';
import { nearestHint } from './nearest-text.ts';

/** What is wrong with a symbol that the market does not have, in words. */
export function unknownInstrument(
  field: string,
  symbol: string,
  market: Pick<MarketData, 'instruments'>,
): string {
  const known = market.instruments().map((instrument) => instrument.symbol);
  return `${field} is no instrument of this gateway${nearestHint(symbol, known)}.`;
}
