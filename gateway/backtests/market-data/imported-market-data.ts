import { realpathSync } from 'node:fs';

import type { BarFiles, TickFiles } from '@omniquant/market-files';

import { MarketDataError } from './market-data-error.ts';
import { type MarketDataSource, nameOfTicks } from './market-data-source.ts';
import { loadMarketFiles, withDuckDB } from './market-files-library.ts';
import { type ImportedSeries, readInstrument, readManifests } from './series-manifest.ts';
import { readStoredActions } from './stored-actions.ts';
import { type ImportedTickSeries, readTickManifests } from './tick-manifest.ts';

/**
 * What `omniquant data import` has put into a folder, as it is when it is first asked: what is imported later is
 * seen by whoever opens it anew.
 */
export function importedMarketData(folder: string): MarketDataSource {
  let listed: readonly ImportedSeries[] | null = null;
  const all = (): readonly ImportedSeries[] => (listed ??= readManifests(folder));
  let listedTicks: readonly ImportedTickSeries[] | null = null;
  const allTicks = (): readonly ImportedTickSeries[] => (listedTicks ??= readTickManifests(folder));
  let files: Promise<BarFiles> | null = null;
  const open = (): Promise<BarFiles> =>
    (files ??= loadMarketFiles().then(({ barFiles }) => barFiles(realpathSync(folder))));
  let ofTicks: Promise<TickFiles> | null = null;
  const openTicks = (): Promise<TickFiles> =>
    (ofTicks ??= loadMarketFiles().then(({ tickFiles }) => tickFiles(realpathSync(folder))));
  return {
    series: () => all().map(({ path: _, ...series }) => series),
    ticks: () => allTicks().map(({ path: _, ...series }) => series),
    actions: (symbol) => readStoredActions(folder, symbol),
    instrument: (symbol) => readInstrument(folder, symbol),
    async *read({ interval, symbol }, range, signal) {
      const stored = all().find((each) => each.symbol === symbol && each.interval === interval);
      if (stored === undefined) {
        throw new MarketDataError('UNKNOWN_SERIES', `no bars of ${symbol} in ${interval} were imported`);
      }
      yield* readStored((await open()).read(stored.path, range, signal), {
        ...{ what: `bars of ${symbol} in ${interval}`, path: stored.path },
      });
    },
    async *readTicks({ kind, symbol }, range, signal) {
      const stored = allTicks().find((each) => each.symbol === symbol && each.kind === kind);
      const what = `${nameOfTicks(kind)} of ${symbol}`;
      if (stored === undefined) throw new MarketDataError('UNKNOWN_SERIES', `no ${what} were imported`);
      const blocks = (await openTicks()).read(kind, stored.path, range, signal);
      yield* readStored(blocks, { what, path: stored.path });
    },
  };
}

interface StoredFile {
  readonly what: string;
  readonly path: string;
}

async function* readStored<B>(blocks: AsyncGenerator<B>, stored: StoredFile): AsyncGenerator<B> {
  try {
    for (;;) {
      const next = await withDuckDB(() => nextBlock(blocks, stored));
      if (next === null) return;
      yield next;
    }
  } finally {
    await blocks.return(undefined);
  }
}

async function nextBlock<B>(blocks: AsyncIterator<B>, { path, what }: StoredFile): Promise<B | null> {
  try {
    const next = await blocks.next();
    return next.done === true ? null : next.value;
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code !== 'DATA_INVALID') throw cause;
    throw new MarketDataError(
      'STORE_DAMAGED',
      `the ${what} cannot be read from ${path}: import them again with --replace`,
      null,
      { cause },
    );
  }
}
