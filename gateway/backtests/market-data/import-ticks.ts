import { realpathSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';

import type { ImportedTicks, TickReading } from '@omniquant/market-files';
import { isFeedError, type VenueInstrument } from '@omniquant/plugin-sdk';

import { checkConfig } from '../../plugins/config-check.ts';
import { finestStep } from './finest-step.ts';
import { checkInstrument, inImportFolder, instrumentsOf, putToUse } from './import-folder.ts';
import { type ImportRequest, instrumentFor, instrumentTerms, inTermsOfImport } from './import-terms.ts';
import { MarketDataError } from './market-data-error.ts';
import { type MarketDataSource, nameOfTicks, type StoredTicks } from './market-data-source.ts';
import { loadMarketFiles, type MarketFilesLibrary, withDuckDB } from './market-files-library.ts';
import { readTickManifests, writeTickManifest } from './tick-manifest.ts';

/** Files of quotes, trades or books that are to be imported. */
export interface TickImportRequest extends Omit<ImportRequest, 'reading'> {
  readonly reading: TickReading;
}

/** A series as it is now in use, and where messages of its book are missing. */
export interface ImportedTickFiles {
  readonly series: StoredTicks;
  readonly gaps: number;
  /** The first few, in words. */
  readonly firstGaps: readonly string[];
}

/**
 * As importBars, of ticks: every row is checked, and of an import that fails, is aborted or is killed nothing is there.
 * @throws MarketDataError BAD_USER_INPUT with the option, DATA_INVALID with file, row, column and value, ALREADY_STORED,
 * NOT_INSTALLED.
 */
export async function importTicks(
  folder: string,
  request: TickImportRequest,
  known: MarketDataSource,
  signal: AbortSignal,
): Promise<readonly ImportedTickFiles[]> {
  const library = await loadMarketFiles();
  const reading = checkReading(library, request.reading);
  const instruments = instrumentsOf(known);
  const { '*': ofAll = {}, ...own } = checkTerms(library, request, [...instruments.values()]);
  const describe = (symbol: string): VenueInstrument =>
    library.instrumentOf(symbol, { '*': own[symbol] === undefined ? ofAll : {}, ...own });
  return inImportFolder(folder, async ({ within, working }) => {
    if (!request.replace && reading.symbol !== undefined) {
      refuseStored(within, reading.kind, [reading.symbol]);
    }
    const calendarOf = (symbol: string) => describe(symbol).calendar;
    const files = request.files.map(realFile);
    const read = await withDuckDB(() =>
      library.importTicks({ files, reading, calendarOf }, working, signal),
    ).catch((error: unknown) => {
      throw inTermsOfTicks(error);
    });
    if (!request.replace) {
      refuseStored(
        within,
        reading.kind,
        read.map(({ symbol }) => symbol),
      );
    }
    const source = request.files.map((file) => basename(file)).join(', ');
    const ready = read.map((one) => ({
      one,
      series: seriesOf(one, reading, source),
      instrument: instrumentFor(
        describe(one.symbol),
        instruments.get(one.symbol),
        request.instrument,
        finestStep(one),
      ),
    }));
    for (const { instrument } of ready) checkInstrument(instrument);
    signal.throwIfAborted();
    for (const { instrument, one, series } of ready) {
      putToUse(within, {
        ...{ instrument, path: one.path, name: series.kind },
        writeManifest: (file) => {
          writeTickManifest(within, series, file);
        },
      });
    }
    return ready.map(({ one: { firstGaps, gaps }, series }) => ({ series, gaps, firstGaps }));
  });
}

const seriesOf = (
  { first, last, rows, symbol }: ImportedTicks,
  { kind }: TickReading,
  source: string,
): StoredTicks => ({ symbol, kind, rows, first, last, source });

/** Throws MarketDataError BAD_USER_INPUT naming the option. */
function checkReading(library: MarketFilesLibrary, reading: TickReading): TickReading {
  const { problems, value } = checkConfig(library.TickReadingSchema, reading);
  const [problem] = problems;
  if (problem === undefined) return value as TickReading;
  throw new MarketDataError('BAD_USER_INPUT', `${problem.path} ${problem.message}`.trim(), problem.path);
}

function checkTerms(
  library: MarketFilesLibrary,
  { instrument }: TickImportRequest,
  known: readonly VenueInstrument[],
) {
  const [problem] = checkConfig(library.InstrumentTermsSchema, instrument).problems;
  if (problem === undefined) return instrumentTerms(known, instrument);
  throw new MarketDataError('BAD_USER_INPUT', `${problem.path} ${problem.message}`.trim(), problem.path);
}

function realFile(file: string): string {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return realpathSync(file);
  throw new MarketDataError('BAD_USER_INPUT', `${resolve(file)} is no file`, 'file');
}

function refuseStored(folder: string, kind: TickReading['kind'], symbols: readonly string[]): void {
  const stored = readTickManifests(folder).find(
    (each) => each.kind === kind && symbols.includes(each.symbol),
  );
  if (stored === undefined) return;
  throw new MarketDataError(
    'ALREADY_STORED',
    `${nameOfTicks(kind)} of ${stored.symbol} were imported from ${stored.source} already: replace them with --replace`,
  );
}

/** Settings are named as the options of an import. */
function inTermsOfTicks(error: unknown): unknown {
  const [, option = null, problem = ''] =
    isFeedError(error) && error.code === 'CONFIG_INVALID'
      ? (/^([\w.]+): (.*)$/s.exec(error.message) ?? [])
      : [];
  if (option === null) return inTermsOfImport(error);
  return new MarketDataError('BAD_USER_INPUT', `${option}: ${problem}`, option, { cause: error });
}
