import type { BarColumns, BarSeries } from '../../../core/backtest/bar-source.ts';
import type { StoredBarPage, StoredBarSeries } from '../../database/stored-bars/stored-series.ts';
import { MarketDataError } from './market-data-error.ts';
import { BARS_ONLY, type MarketDataSource } from './market-data-source.ts';

/** Reads some bars of a series. */
export type ReadStoredPage = (page: StoredBarPage, signal: AbortSignal) => Promise<BarColumns>;

/** Bars of one page. */
const PAGE = 16_384;

/**
 * Bars that gateways have kept of their feeds and brokers, up to those that were there when they were listed. Of several
 * sources of one symbol and interval that of the workspace's own counts, else the one with most bars.
 */
export function storedMarketData(listed: readonly StoredBarSeries[], read: ReadStoredPage): MarketDataSource {
  const best = new Map<string, StoredBarSeries>();
  for (const one of listed) {
    const known = best.get(keyOf(one));
    if (known === undefined || isBetter(one, known)) best.set(keyOf(one), one);
  }
  return {
    ...BARS_ONLY,
    series: () =>
      [...best.values()].map(({ first, interval, last, rows, source, symbol }) => ({
        ...{ symbol, interval, rows, first, last, source: `stored: ${source}` },
      })),
    instrument: (symbol) => [...best.values()].find((each) => each.symbol === symbol)?.instrument ?? null,
    async *read(series, { from, to }, signal) {
      const stored = best.get(keyOf(series));
      if (stored === undefined) {
        throw new MarketDataError(
          'UNKNOWN_SERIES',
          `no bars of ${series.symbol} in ${series.interval} are stored`,
        );
      }
      const end = Math.min(stored.last + 1, to ?? Infinity);
      let after = from === null ? null : Math.ceil(from) - 1;
      for (;;) {
        const block = await read({ series: stored.id, after, to: end, limit: PAGE }, signal);
        if (block.at.length > 0) yield block;
        if (block.at.length < PAGE) return;
        after = block.at.at(-1) ?? end;
      }
    },
  };
}

const keyOf = ({ interval, symbol }: BarSeries): string => `${symbol} ${interval}`;

const isBetter = (one: StoredBarSeries, other: StoredBarSeries): boolean =>
  one.isOwn === other.isOwn ? one.rows > other.rows : one.isOwn;
