import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { VenueInstrument } from '@omniquant/plugin-sdk';

import { createInstrument, InstrumentError } from '../../../core/market/instrument.ts';
import { MarketDataError } from './market-data-error.ts';
import type { MarketDataSource } from './market-data-source.ts';
import { renameDurably } from './rename-durably.ts';
import { symbolFolder, writeInstrument } from './series-manifest.ts';

const LEFT_BEHIND_MS = 86_400_000;

/** Where imports work: `within` is the store, without links, and `working` a folder in it that is gone afterwards. */
export interface ImportFolder {
  readonly within: string;
  readonly working: string;
}

/** Of an import that fails, is aborted or is killed nothing is in the store: it works beside it until all is whole. */
export async function inImportFolder<T>(
  folder: string,
  work: (folders: ImportFolder) => Promise<T>,
): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const within = realpathSync(folder);
  removeLeftBehind(within);
  const working = join(within, `.import-${randomUUID()}`);
  mkdirSync(working);
  try {
    return await work({ within, working });
  } finally {
    rmSync(working, { recursive: true, force: true });
  }
}

/** What a killed import was writing. */
function removeLeftBehind(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!name.startsWith('.import-') || Date.now() - statSync(path).mtimeMs < LEFT_BEHIND_MS) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

export interface FileToUse {
  readonly instrument: VenueInstrument;
  /** The Parquet file as it was written. */
  readonly path: string;
  /** Of the series among those of its symbol: an interval, or a kind of ticks. */
  readonly name: string;
  /** Writes the manifest that names the file. */
  readonly writeManifest: (file: string) => void;
}

/** The manifest decides: what comes before it can be left behind by a crash, what comes after it is no longer needed. */
export function putToUse(folder: string, { instrument, name, path, writeManifest }: FileToUse): void {
  const within = symbolFolder(folder, instrument.symbol);
  writeInstrument(folder, instrument);
  const file = `${name}.${randomUUID().slice(0, 8)}.parquet`;
  renameDurably(path, join(within, file));
  writeManifest(file);
  for (const other of readdirSync(within)) {
    const isOlder = other.startsWith(`${name}.`) && other.endsWith('.parquet') && other !== file;
    if (isOlder) rmSync(join(within, other));
  }
}

/** Those of symbols that are imported again. */
export const instrumentsOf = (source: MarketDataSource): ReadonlyMap<string, VenueInstrument> =>
  new Map(
    [...source.series(), ...source.ticks()].flatMap(({ symbol }) => {
      const instrument = source.instrument(symbol);
      return instrument === null ? [] : [[symbol, instrument] as const];
    }),
  );

/** Throws MarketDataError BAD_USER_INPUT with the option. */
export function checkInstrument(instrument: VenueInstrument): void {
  try {
    createInstrument(instrument);
  } catch (cause) {
    if (!(cause instanceof InstrumentError)) throw cause;
    throw new MarketDataError('BAD_USER_INPUT', cause.message, cause.field, { cause });
  }
}
