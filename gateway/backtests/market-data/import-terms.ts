import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

import type { InstrumentTerms, MarketFilesConfig } from '@omniquant/market-files';
import { isFeedError, type VenueInstrument } from '@omniquant/plugin-sdk';

import { checkConfig } from '../../plugins/config-check.ts';
import { MarketDataError } from './market-data-error.ts';
import type { MarketFilesLibrary } from './market-files-library.ts';

/** How the rows of files are read: settings of a source of market-files, but for where the files are. */
export type ReadingTerms = Partial<Omit<MarketFilesConfig['sources'][number], 'folder' | 'files' | 'kind'>>;

/** Files to be imported. */
export interface ImportRequest {
  /** Paths of CSV files, also with .gz, and Parquet files. All are read in the same way. */
  readonly files: readonly string[];
  readonly reading: ReadingTerms;
  /** What the instruments are; what is left out is as it was, or as is usual for the class of asset. */
  readonly instrument: InstrumentTerms;
  /** Bars that are there already give way. */
  readonly replace: boolean;
}

/** Around the clock, and in parts: what is usual where it is not as for a share. */
const USUAL: Readonly<Partial<Record<string, InstrumentTerms>>> = {
  CRYPTO: { lotSize: '0.00000001', fractionable: true, calendar: 'ALWAYS' },
  FX: { calendar: 'ALWAYS' },
};

/** The settings that the files are read with. Throws MarketDataError BAD_USER_INPUT naming the option. */
export function importConfig(
  library: MarketFilesLibrary,
  { files, instrument, reading }: ImportRequest,
  known: readonly VenueInstrument[],
): MarketFilesConfig {
  const sources = files.map((file) => {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
      throw new MarketDataError('BAD_USER_INPUT', `${resolve(file)} is no file`, 'file');
    }
    const path = realpathSync(file);
    return { ...reading, kind: 'bars', folder: dirname(path), files: basename(path) };
  });
  const instruments = instrumentTerms(known, instrument);
  const { problems, value } = checkConfig(library.MarketFilesSchema, { sources, instruments });
  const [problem] = problems;
  if (problem === undefined) return value as MarketFilesConfig;
  const option = problem.path.replace(/^(sources\.\d+|instruments\.[^.]+)\.?/, '');
  throw new MarketDataError('BAD_USER_INPUT', `${option} ${problem.message}`.trim(), option);
}

/** Of instruments by symbol, `*` for all others: as they were known, with the terms that are told now. */
export const instrumentTerms = (
  known: readonly VenueInstrument[],
  told: InstrumentTerms,
): Readonly<Record<string, InstrumentTerms>> =>
  Object.fromEntries([
    ['*', { ...USUAL[told.assetClass ?? ''], ...told }],
    ...known.map((one) => [one.symbol, { ...termsOf(one), ...told }] as const),
  ]);

/** What files are told to be of; the rest of an instrument is the same for all. */
function termsOf(instrument: VenueInstrument): InstrumentTerms {
  const { assetClass, calendar, currency, exchange, fractionable, lotSize, multiplier, name } = instrument;
  return {
    ...{ assetClass, calendar, currency, fractionable, lotSize, multiplier },
    ...{ shortable: instrument.shortable, tickSize: instrument.tickSize },
    ...(name !== null && { name }),
    ...(exchange !== null && { exchange }),
  };
}

/** An instrument whose bars were imported: as it was known, with the terms that are told now. */
export function instrumentFor(
  read: VenueInstrument,
  known: VenueInstrument | undefined,
  told: InstrumentTerms,
  step: string,
): VenueInstrument {
  if (known !== undefined) return { ...known, ...told };
  const { symbol, name, assetClass, currency, lotSize, multiplier, minQuantity, maxQuantity } = read;
  return {
    ...{ symbol, name, assetClass, currency, lotSize, multiplier, minQuantity, maxQuantity },
    tickSize: told.tickSize ?? step,
    ...{ shortable: read.shortable, fractionable: read.fractionable },
    ...{ exchange: read.exchange, calendar: read.calendar },
  };
}

/** What reading files throws, in the terms of an import: settings are named as its options. */
export function inTermsOfImport(error: unknown): unknown {
  if (!isFeedError(error)) return error;
  const [, option = null, problem = ''] = /^sources\[\d+\]\.([\w.]+): (.*)$/s.exec(error.message) ?? [];
  if (option !== null) {
    return new MarketDataError('BAD_USER_INPUT', `${option}: ${problem}`, option, { cause: error });
  }
  return new MarketDataError('DATA_INVALID', error.message, null, { cause: error });
}
