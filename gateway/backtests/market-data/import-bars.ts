import { basename, join } from 'node:path';

import type { FileEvent, MarketFiles, Series } from '@omniquant/market-files';
import type { VenueBar, VenueInstrument } from '@omniquant/plugin-sdk';

import { finestStep, watchPrices } from './finest-step.ts';
import { checkInstrument, inImportFolder, instrumentsOf, putToUse } from './import-folder.ts';
import { importConfig, type ImportRequest, instrumentFor, inTermsOfImport } from './import-terms.ts';
import { MarketDataError } from './market-data-error.ts';
import { ALL_BARS, type MarketDataSource, type StoredSeries } from './market-data-source.ts';
import { loadMarketFiles, type MarketFilesLibrary, withDuckDB } from './market-files-library.ts';
import { readManifests, writeManifest } from './series-manifest.ts';

/** A series that was written and is not in use yet. */
interface WrittenSeries {
  readonly series: StoredSeries;
  readonly instrument: VenueInstrument;
  /** Its Parquet file. */
  readonly path: string;
}

/**
 * Reads files through, writes their bars as Parquet into the folder, and puts them to use when all are whole: of an
 * import that fails, is aborted or is killed nothing is there. Answers with the series that are now in use.
 * @param known What backtests have now, with the instruments of symbols that are imported again.
 * @throws MarketDataError BAD_USER_INPUT with the option, DATA_INVALID with file, row, column and value, ALREADY_STORED,
 * NOT_INSTALLED.
 */
export async function importBars(
  folder: string,
  request: ImportRequest,
  known: MarketDataSource,
  signal: AbortSignal,
): Promise<readonly StoredSeries[]> {
  const library = await loadMarketFiles();
  const instruments = instrumentsOf(known);
  const config = importConfig(library, request, [...instruments.values()]);
  return inImportFolder(folder, async ({ within, working }) => {
    const files = await withDuckDB(() => library.openMarketFiles(config, signal)).catch((error: unknown) => {
      throw inTermsOfImport(error);
    });
    try {
      if (!request.replace) refuseStored(within, files.series);
      const written = await writeAll({ library, files, request, instruments, working }, signal);
      signal.throwIfAborted();
      for (const { instrument, path, series } of written) {
        putToUse(within, {
          ...{ instrument, path, name: series.interval },
          writeManifest: (file) => {
            writeManifest(within, series, file);
          },
        });
      }
      return written.map(({ series }) => series);
    } finally {
      files.close();
    }
  });
}

function refuseStored(folder: string, series: readonly Series[]): void {
  const stored = readManifests(folder).find((each) =>
    series.some(({ interval, symbol }) => symbol === each.symbol && interval === each.interval),
  );
  if (stored === undefined) return;
  const { interval, source, symbol } = stored;
  throw new MarketDataError(
    'ALREADY_STORED',
    `bars of ${symbol} in ${interval} were imported from ${source} already: replace them with --replace`,
  );
}

interface Writing {
  readonly library: MarketFilesLibrary;
  readonly files: MarketFiles;
  readonly request: ImportRequest;
  readonly instruments: ReadonlyMap<string, VenueInstrument>;
  readonly working: string;
}

async function writeAll(writing: Writing, signal: AbortSignal): Promise<readonly WrittenSeries[]> {
  const { files, instruments, library, request, working } = writing;
  const written: WrittenSeries[] = [];
  for (const [index, one] of files.series.entries()) {
    const { interval, symbol } = one;
    const read = files.instruments.find((each) => each.symbol === symbol);
    if (interval === null || read === undefined) continue;
    const path = join(working, `${String(index)}.parquet`);
    const seen = { decimals: 0, highest: 0 };
    const bars = watchPrices(barsOf(files.read(one, ALL_BARS, signal)), seen);
    const extent = await library.writeBarFile(path, bars, signal).catch((error: unknown) => {
      throw inTermsOfImport(error);
    });
    const instrument = instrumentFor(read, instruments.get(symbol), request.instrument, finestStep(seen));
    checkInstrument(instrument);
    const source = one.parts.map(({ file }) => basename(file.path)).join(', ');
    written.push({ instrument, path, series: { symbol, interval, ...extent, source } });
  }
  return written;
}

async function* barsOf(events: AsyncIterable<FileEvent>): AsyncGenerator<VenueBar> {
  for await (const event of events) {
    if (event.kind === 'bar') yield event;
  }
}
