import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { BAR_INTERVALS, type VenueInstrument } from '@omniquant/plugin-sdk';
import { z } from 'zod';

import { createInstrument } from '../../../core/market/instrument.ts';
import { isSymbol } from '../../../core/market/symbol.ts';
import { MarketDataError } from './market-data-error.ts';
import type { StoredSeries } from './market-data-source.ts';
import { renameDurably } from './rename-durably.ts';

/*
 * The folder of imported bars: for each symbol a folder with instrument.json and, for each interval, a manifest
 * <interval>.json that names its Parquet file. A manifest is replaced by renaming, so that a series is the old one or the
 * new one and never a part of either; a Parquet file that no manifest names is what a crash has left.
 */

const decimal = z.string();
const instrumentSchema = z.strictObject({
  ...{ symbol: z.string(), name: z.string().nullable(), currency: z.string() },
  assetClass: z.enum(['EQUITY', 'CRYPTO', 'FX', 'FUTURE', 'OPTION', 'INDEX']),
  ...{ tickSize: decimal, lotSize: decimal, multiplier: decimal },
  ...{ minQuantity: decimal.nullable(), maxQuantity: decimal.nullable() },
  ...{ shortable: z.boolean(), fractionable: z.boolean(), exchange: z.string().nullable() },
  calendar: z.enum(['US_EQUITY', 'ALWAYS']),
});

/** What is said of a series of either kind. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  ...{ rows: z.int().min(1), first: z.int(), last: z.int(), source: z.string() },
  file: z.string().regex(/^[\w.-]+\.parquet$/),
});

/** A series and where its bars are. */
export interface ImportedSeries extends StoredSeries {
  /** Absolute path, without links. */
  readonly path: string;
}

/** Symbols have slashes; folders do not. */
export const symbolFolder = (folder: string, symbol: string): string =>
  join(folder, encodeURIComponent(symbol));

const manifestFile = (
  folder: string,
  { interval, symbol }: Pick<StoredSeries, 'symbol' | 'interval'>,
): string => join(symbolFolder(folder, symbol), `${interval}.json`);

/** Symbols that the folder has something of. */
export const storedSymbols = (folder: string): readonly string[] =>
  readdirSync(folder).map(decodeURIComponent).filter(isSymbol).sort();

/** All bars that are in the folder. Throws MarketDataError STORE_DAMAGED for a manifest that is none. */
export function readManifests(folder: string): readonly ImportedSeries[] {
  if (!existsSync(folder)) return [];
  const within = realpathSync(folder);
  return storedSymbols(folder).flatMap((symbol) =>
    BAR_INTERVALS.flatMap((interval) => {
      const file = manifestFile(folder, { symbol, interval });
      if (!existsSync(file)) return [];
      const { file: name, first, last, rows, source } = readJson(file, manifestSchema);
      const path = join(symbolFolder(within, symbol), name);
      return [{ symbol, interval, rows, first, last, source, path }];
    }),
  );
}

/** Null where the symbol has none. Throws MarketDataError STORE_DAMAGED for a file that holds none. */
export function readInstrument(folder: string, symbol: string): VenueInstrument | null {
  if (!isSymbol(symbol)) return null;
  const file = join(symbolFolder(folder, symbol), 'instrument.json');
  return existsSync(file) ? readJson(file, instrumentSchema) : null;
}

/** Throws InstrumentError for one that cannot be traded as it is described. */
export function writeInstrument(folder: string, instrument: VenueInstrument): void {
  createInstrument(instrument);
  const within = symbolFolder(folder, instrument.symbol);
  mkdirSync(within, { recursive: true });
  writeDurably(join(within, 'instrument.json'), instrument);
}

/** From here on the series is this one. Its Parquet file is there already. */
export function writeManifest(folder: string, series: Omit<ImportedSeries, 'path'>, file: string): void {
  const { first, last, rows, source } = series;
  writeDurably(manifestFile(folder, series), { version: 1, rows, first, last, source, file });
}

/** From here on there is no such series; its file and, with the last series, its instrument go as well. */
export const removeManifest = (folder: string, series: ImportedSeries): void => {
  removeStored(folder, manifestFile(folder, series), series);
};

/** The same of a series of any kind. */
export function removeStored(
  folder: string,
  manifest: string,
  { path, symbol }: { readonly symbol: string; readonly path: string },
): void {
  const within = symbolFolder(folder, symbol);
  rmSync(manifest);
  rmSync(path, { force: true });
  if (readdirSync(within).every((name) => name === 'instrument.json')) rmSync(within, { recursive: true });
}

/** Puts JSON in the place of what was there: the old or the new, after a crash as well. */
export function writeDurably(file: string, content: object): void {
  const partial = `${file}.partial`;
  writeFileSync(partial, `${JSON.stringify(content, null, 2)}\n`);
  renameDurably(partial, file);
}

/** Throws MarketDataError STORE_DAMAGED for a file that does not hold it. */
export function readJson<T>(file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new MarketDataError(
      'STORE_DAMAGED',
      `${file} is not as omniquant writes it: remove it and import what it was of again`,
      null,
      { cause },
    );
  }
}
