import type { BarInterval, FeedInstrument } from '@omniquant/plugin-sdk';

import { instrumentOf, type MarketFilesConfig, type SourceConfig } from './config.ts';
import { type DataFile, openDataFile } from './data-file.ts';
import { openDuck } from './duck.ts';
import type { FileEvent } from './file-event.ts';
import { configFault } from './file-fault.ts';
import { findFiles, resolveFolder } from './find-files.ts';
import { type Series, seriesOf } from './series.ts';
import type { TimeRange } from './time-conditions.ts';
import { createZone } from './zone.ts';

/** Files that were read through and found to be right, all of them. */
export interface MarketFiles {
  readonly instruments: readonly FeedInstrument[];
  readonly series: readonly Series[];
  /** In the order of time; of a bar the start counts. Memory does not grow with the length of the range. */
  read(series: Series, range: TimeRange, signal: AbortSignal): AsyncIterable<FileEvent>;
  close(): void;
}

/**
 * Finds and checks the files. Throws FeedError CONFIG_INVALID, naming the setting, and DATA_INVALID, naming file,
 * row and column: nothing is taken of files of which one is wrong.
 */
export async function openMarketFiles(config: MarketFilesConfig, signal: AbortSignal): Promise<MarketFiles> {
  const found = config.sources.map((source, index) => locate(source, `sources[${String(index)}]`));
  const duck = await openDuck([...new Set(found.map(({ folder }) => folder))]);
  try {
    const files: DataFile[] = [];
    for (const { paths, setting, source } of found) {
      for (const path of paths) {
        const options = {
          duck,
          path,
          source,
          setting,
          instrument: (symbol: string) => instrumentOf(symbol, config.instruments),
        };
        files.push(await openDataFile(options, signal));
      }
    }
    const series = seriesOf(files);
    return {
      series,
      instruments: instrumentsOf(series, config),
      async *read({ parts, symbol }, range, aborted) {
        for (const { file, first, last } of parts) {
          if (last < (range.from ?? last) || (range.to !== null && first >= range.to)) continue;
          yield* file.read(symbol, range, aborted);
        }
      },
      close() {
        duck.close();
      },
    };
  } catch (error) {
    duck.close();
    throw error;
  }
}

function locate(source: SourceConfig, setting: string) {
  const { timeZone } = source;
  if (timeZone !== undefined) {
    try {
      createZone(timeZone);
    } catch (cause) {
      throw configFault(`${setting}.timeZone`, `${timeZone} is no time zone`, { cause });
    }
  }
  if (Number(source.priceScale ?? '1') === 0) {
    throw configFault(`${setting}.priceScale`, 'has to be above zero');
  }
  const folder = resolveFolder(source.folder, `${setting}.folder`);
  return { folder, paths: findFiles(folder, source.files, `${setting}.files`), setting, source };
}

function instrumentsOf(series: readonly Series[], config: MarketFilesConfig): readonly FeedInstrument[] {
  const intervals = new Map<string, BarInterval[]>();
  for (const { interval, symbol } of series) {
    const known = intervals.get(symbol) ?? [];
    intervals.set(symbol, known);
    if (interval !== null) known.push(interval);
  }
  return [...intervals].map(([symbol, barIntervals]) => ({
    ...instrumentOf(symbol, config.instruments),
    barIntervals,
  }));
}
