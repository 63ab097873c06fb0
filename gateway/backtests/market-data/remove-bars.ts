import { nearestHint } from '../../services/nearest-text.ts';
import { MarketDataError } from './market-data-error.ts';
import type { StoredSeries } from './market-data-source.ts';
import { readManifests, removeManifest } from './series-manifest.ts';

/**
 * Removes imported bars: of one interval, or of all where it is null. Answers with what there was. Throws MarketDataError
 * UNKNOWN_SERIES, also for bars that come by npm.
 */
export function removeBars(folder: string, symbol: string, interval: string | null): readonly StoredSeries[] {
  const all = readManifests(folder);
  const ofSymbol = all.filter((each) => each.symbol === symbol);
  const found = ofSymbol.filter((each) => interval === null || each.interval === interval);
  if (found.length === 0) {
    const hint =
      ofSymbol.length === 0
        ? nearestHint(symbol, [...new Set(all.map((each) => each.symbol))])
        : `: there are ${ofSymbol.map((each) => each.interval).join(', ')}`;
    const what = interval === null ? symbol : `${symbol} in ${interval}`;
    throw new MarketDataError('UNKNOWN_SERIES', `no bars of ${what} were imported${hint}`);
  }
  for (const series of found) removeManifest(folder, series);
  return found;
}
