import { setTimeout as sleep } from 'node:timers/promises';

import { type MarketFiles, MarketFilesSchema, openMarketFiles, type Series } from '@omniquant/market-files';
import { defineFeed, type Feed, FeedError, type FeedEvent } from '@omniquant/plugin-sdk';

/** Nothing is done in it. */
const STREAM_TICK_MS = 3_600_000;

/** Bars of the past from CSV and Parquet files. Files have no present: the stream says nothing. */
export const filesFeed = defineFeed({
  id: 'files',
  description: 'Bars of the past from CSV and Parquet files',
  config: MarketFilesSchema,
  async connect(config, ctx): Promise<Feed> {
    const files = await openMarketFiles(config, ctx.signal);
    const rows = files.series.length;
    ctx.log.info('files of market data were read through; they have a past, and nothing that streams', {
      series: rows,
      symbols: files.instruments.map(({ symbol }) => symbol),
    });
    return feedOf(files);
  },
});

function feedOf(files: MarketFiles): Feed {
  const known = new Set(files.instruments.map(({ symbol }) => symbol));
  const closing = new AbortController();

  const checkSymbol = (symbol: string): void => {
    if (!known.has(symbol)) throw new FeedError('UNKNOWN_SYMBOL', `no file has ${symbol}`);
  };

  return {
    instruments: () => Promise.resolve(files.instruments),
    async *stream({ symbols }, signal): AsyncGenerator<FeedEvent> {
      symbols.forEach(checkSymbol);
      const over = AbortSignal.any([signal, closing.signal]);
      while (!over.aborted) await sleep(STREAM_TICK_MS, undefined, { signal: over }).catch(() => undefined);
      yield* [];
    },
    async *history({ from, interval, symbol, to }, signal) {
      checkSymbol(symbol);
      const found = files.series.find(
        (one) => isBars(one) && one.symbol === symbol && one.interval === interval,
      );
      if (found === undefined) {
        throw new FeedError('UNKNOWN_INTERVAL', `no file has bars of ${interval} of ${symbol}`);
      }
      for await (const event of files.read(found, { from, to }, AbortSignal.any([signal, closing.signal]))) {
        if (event.kind !== 'bar') continue;
        const { kind: _, ...bar } = event;
        yield bar;
      }
    },
    close() {
      closing.abort(new FeedError('UNAVAILABLE', 'the feed is closed'));
      files.close();
      return Promise.resolve();
    },
  };
}

const isBars = ({ kind }: Series): boolean => kind === 'bars';
