import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import type { TickKind, TickSeries } from '../../../core/backtest/tick-source.ts';
import type { StoredTicks } from './market-data-source.ts';
import {
  manifestSchema,
  readJson,
  removeStored,
  storedSymbols,
  symbolFolder,
  writeDurably,
} from './series-manifest.ts';

/* Ticks lie beside the bars of their symbol, with a manifest <kind>.json: see series-manifest.ts. */

export const TICK_KINDS = ['QUOTES', 'TRADES', 'L2', 'L3'] as const satisfies readonly TickKind[];

/** Ticks and where they are. */
export interface ImportedTickSeries extends StoredTicks {
  /** Absolute path, without links. */
  readonly path: string;
}

/** Times have fractions. */
const ticksSchema = manifestSchema.extend({ first: z.number(), last: z.number() });

const manifestOf = (folder: string, { kind, symbol }: TickSeries): string =>
  join(symbolFolder(folder, symbol), `${kind}.json`);

/** All ticks that are in the folder. Throws MarketDataError STORE_DAMAGED for a manifest that is none. */
export function readTickManifests(folder: string): readonly ImportedTickSeries[] {
  if (!existsSync(folder)) return [];
  const within = realpathSync(folder);
  return storedSymbols(folder).flatMap((symbol) =>
    TICK_KINDS.flatMap((kind) => {
      const manifest = manifestOf(folder, { symbol, kind });
      if (!existsSync(manifest)) return [];
      const { file, first, last, rows, source } = readJson(manifest, ticksSchema);
      return [{ symbol, kind, rows, first, last, source, path: join(symbolFolder(within, symbol), file) }];
    }),
  );
}

/** From here on the series is this one. Its Parquet file is there already. */
export function writeTickManifest(folder: string, series: StoredTicks, file: string): void {
  const { first, last, rows, source } = series;
  writeDurably(manifestOf(folder, series), { version: 1, rows, first, last, source, file });
}

/** From here on there is no such series. */
export const removeTickManifest = (folder: string, series: ImportedTickSeries): void => {
  removeStored(folder, manifestOf(folder, series), series);
};
