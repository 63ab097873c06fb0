import { afterEach, describe, expect, it } from '@jest/globals';

import { type BarColumns, columnsOf } from '../../../../core/backtest/bar-source.ts';
import type {
  BarRange,
  MarketDataSource,
} from '../../../../gateway/backtests/market-data/market-data-source.ts';
import {
  offeredMarketData,
  offerStoredBars,
} from '../../../../gateway/backtests/market-data/stored-bars-channel.ts';
import type { StoredBarsReader } from '../../../../gateway/database/stored-bars/stored-bars-reader.ts';
import type { StoredBarSeries } from '../../../../gateway/database/stored-bars/stored-series.ts';
import { flatRows, instrumentOf } from './memory-market-data.ts';

const { signal } = new AbortController();
const MINUTE = 60_000;
const SERIES = { symbol: 'AB', interval: 'MINUTE_1' } as const;

const listed = (id: string, rows: number, isOwn = false): StoredBarSeries => ({
  ...{ ...SERIES, id, rows, isOwn, source: `feed ${id}`, instrument: instrumentOf('AB') },
  ...{ first: 0, last: (rows - 1) * MINUTE },
});

/** Has all the bars that are listed, and two more of each series that came later. */
function readerOf(all: readonly StoredBarSeries[]): StoredBarsReader & { readonly pages: string[] } {
  const pages: string[] = [];
  return {
    pages,
    series: () => Promise.resolve(all),
    page(workspaceId, { after, limit, series, to }) {
      pages.push(`${workspaceId} ${series}`);
      const { rows } = all.find(({ id }) => id === series) ?? { rows: 0 };
      const bars = flatRows(0, MINUTE, rows + 2).filter(
        ({ at }) => at > (after ?? -1) && at < (to ?? Infinity),
      );
      return Promise.resolve(columnsOf(bars.slice(0, limit)));
    },
  };
}

describe('stored bars in a thread without a database', () => {
  let close = (): void => undefined;
  afterEach(() => {
    close();
  });

  async function offered(reader: StoredBarsReader): Promise<MarketDataSource> {
    const { close: end, offer } = await offerStoredBars(reader, 'w1', signal);
    close = end;
    return offeredMarketData(structuredClone(offer));
  }

  async function startsOf(source: MarketDataSource, range: BarRange): Promise<number[]> {
    const blocks: BarColumns[] = [];
    for await (const block of source.read(SERIES, range, signal)) blocks.push(block);
    return blocks.flatMap(({ at }) => [...at]);
  }

  it('are those of the best source: the workspace’s own, else the longest', async () => {
    const source = await offered(readerOf([listed('1', 9), listed('2', 12), listed('3', 5)]));
    expect(source.series()).toEqual([
      { ...SERIES, rows: 12, first: 0, last: 11 * MINUTE, source: 'stored: feed 2' },
    ]);
    close();
    const own = await offered(readerOf([listed('1', 9), listed('2', 5, true)]));
    expect(own.series()).toMatchObject([{ source: 'stored: feed 2' }]);
    expect(own.instrument('AB')).toEqual(instrumentOf('AB'));
    expect(own.instrument('CD')).toBeNull();
  });

  it('are read page by page, within a range, and end where they were listed', async () => {
    const reader = readerOf([listed('1', 20_000)]);
    const source = await offered(reader);
    const all = await startsOf(source, { from: null, to: null });
    expect([all.length, all.at(-1), reader.pages]).toEqual([20_000, 19_999 * MINUTE, ['w1 1', 'w1 1']]);
    const range = { from: 2 * MINUTE, to: 4 * MINUTE };
    expect(await startsOf(source, range)).toEqual([2 * MINUTE, 3 * MINUTE]);
  });

  it('say that they cannot be read, and nothing of why', async () => {
    const reader = { ...readerOf([listed('1', 5)]), page: () => Promise.reject(new Error('password')) };
    const reading = startsOf(await offered(reader), { from: null, to: null });
    await expect(reading).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'the stored bars cannot be read at the moment',
    });
  });
});
