import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import type { StoredActions } from '../../../core/backtest/corporate-actions.ts';
import { isSymbol } from '../../../core/market/symbol.ts';
import { readJson, storedSymbols, symbolFolder } from './series-manifest.ts';

/* Splits and dividends lie beside the series of their symbol, as ACTIONS.json: see series-manifest.ts. */

/** Name of the file among those of a symbol, and of the kind in lists. */
export const ACTIONS = 'ACTIONS';

const exDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const units = z.int().min(1);
const schema = z.strictObject({
  ...{ version: z.literal(1), source: z.string() },
  actions: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('SPLIT'), exDay, to: units, from: units }),
        z.strictObject({ kind: z.literal('DIVIDEND'), exDay, amount: z.string() }),
      ]),
    )
    .min(1),
});

export const actionsFile = (folder: string, symbol: string): string =>
  join(symbolFolder(folder, symbol), `${ACTIONS}.json`);

/** Null where the symbol has none. Throws MarketDataError STORE_DAMAGED for a file that holds none. */
export function readStoredActions(folder: string, symbol: string): StoredActions | null {
  if (!isSymbol(symbol)) return null;
  const file = actionsFile(folder, symbol);
  if (!existsSync(file)) return null;
  const { actions, source } = readJson(file, schema);
  return { symbol, source, actions: actions.map((action) => ({ ...action, symbol })) };
}

/** Of all symbols that have some. */
export const allStoredActions = (folder: string): readonly StoredActions[] =>
  existsSync(folder)
    ? storedSymbols(folder).flatMap((symbol) => readStoredActions(folder, symbol) ?? [])
    : [];

/** What the file of a symbol holds. */
export const actionsContent = ({ actions, source }: StoredActions): object => ({
  ...{ version: 1, source },
  actions: actions.map(({ symbol: _, ...action }) => action),
});
