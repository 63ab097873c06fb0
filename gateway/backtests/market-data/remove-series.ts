import { existsSync, readdirSync, rmSync } from 'node:fs';

import type { StoredActions } from '../../../core/backtest/corporate-actions.ts';
import type { TickKind } from '../../../core/backtest/tick-source.ts';
import { nearestHint } from '../../services/nearest-text.ts';
import { MarketDataError } from './market-data-error.ts';
import { nameOfTicks, type StoredSeries, type StoredTicks } from './market-data-source.ts';
import { removeBars } from './remove-bars.ts';
import { readManifests, symbolFolder } from './series-manifest.ts';
import { actionsFile, allStoredActions, readStoredActions } from './stored-actions.ts';
import { readTickManifests, removeTickManifest } from './tick-manifest.ts';

/**
 * What of a symbol is to be removed: bars of one interval, or all where it is null; ticks of a kind; or its splits and
 * dividends.
 */
export type RemovedPart =
  { readonly bars: string | null } | { readonly ticks: TickKind } | { readonly actions: true };

/**
 * Removes what was imported of a symbol, or the part of it. Answers with what there was. Throws MarketDataError
 * UNKNOWN_SERIES where there is nothing of it, also for bars that come by npm.
 */
export function removeSeries(
  folder: string,
  symbol: string,
  part: RemovedPart | null,
): readonly (StoredSeries | StoredTicks | StoredActions)[] {
  if (part !== null && 'actions' in part) return [requireActions(folder, symbol)].map(removeActions(folder));
  if (part !== null && 'bars' in part) return removeBars(folder, symbol, part.bars);
  const all = readTickManifests(folder);
  const ofSymbol = all.filter((each) => each.symbol === symbol);
  const found = ofSymbol.filter(({ kind }) => part === null || kind === part.ticks);
  const hasBars = readManifests(folder).some((each) => each.symbol === symbol);
  if (part !== null && found.length === 0) throw unknown(symbol, part.ticks, all);
  const actions = part === null ? readStoredActions(folder, symbol) : null;
  // Where there is nothing at all that is for removeBars to say.
  const isNothing = found.length === 0 && actions === null;
  const bars = part === null && (hasBars || isNothing) ? removeBars(folder, symbol, null) : [];
  for (const series of found) removeTickManifest(folder, series);
  return [...bars, ...found, ...(actions === null ? [] : [actions].map(removeActions(folder)))];
}

function requireActions(folder: string, symbol: string): StoredActions {
  const found = readStoredActions(folder, symbol);
  if (found !== null) return found;
  const known = allStoredActions(folder).map((each) => each.symbol);
  throw new MarketDataError(
    'UNKNOWN_SERIES',
    `no splits or dividends of ${symbol} were imported${nearestHint(symbol, known)}`,
  );
}

/** With them goes the instrument that nothing else is of. */
const removeActions =
  (folder: string) =>
  (stored: StoredActions): StoredActions => {
    const within = symbolFolder(folder, stored.symbol);
    rmSync(actionsFile(folder, stored.symbol));
    const isEmpty = existsSync(within) && readdirSync(within).every((name) => name === 'instrument.json');
    if (isEmpty) rmSync(within, { recursive: true });
    return stored;
  };

function unknown(symbol: string, kind: TickKind, all: readonly StoredTicks[]): MarketDataError {
  const ofSymbol = all.filter((each) => each.symbol === symbol);
  const hint =
    ofSymbol.length === 0
      ? nearestHint(symbol, [...new Set(all.map((each) => each.symbol))])
      : `: there are ${ofSymbol.map((each) => nameOfTicks(each.kind)).join(', ')}`;
  return new MarketDataError('UNKNOWN_SERIES', `no ${nameOfTicks(kind)} of ${symbol} were imported${hint}`);
}
