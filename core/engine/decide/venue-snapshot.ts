import { type Fixed, formatDecimal, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import { mismatchKey } from '../apply/apply-account-event.ts';
import type { SystemCommand } from '../command.ts';
import type { Decision } from '../decision.ts';
import { done } from './results.ts';

/** One figure, ours and the venue's. Either a symbol's position or a currency's cash. */
interface Figure {
  readonly symbol: string | null;
  readonly currency: string | null;
  readonly ours: Fixed;
  readonly theirs: Fixed;
}

const figuresOf = (
  ours: ReadonlyMap<string, Fixed>,
  theirs: ReadonlyMap<string, Fixed>,
  name: (key: string) => Pick<Figure, 'symbol' | 'currency'>,
): readonly Figure[] =>
  [...new Set([...ours.keys(), ...theirs.keys()])].map((key) => ({
    ...name(key),
    ours: ours.get(key) ?? 0n,
    theirs: theirs.get(key) ?? 0n,
  }));

const compare = (state: AccountState, figure: Figure): readonly DomainEvent[] => {
  const { symbol, currency, ours, theirs } = figure;
  const known = state.mismatches.get(mismatchKey(symbol, currency));
  if (ours === theirs) {
    return known === undefined ? [] : [{ type: 'MISMATCH_CLEARED', symbol, currency, resolution: null }];
  }
  if (known?.ours === ours && known.theirs === theirs) return [];
  return [
    { type: 'MISMATCH_FOUND', symbol, currency, ours: formatDecimal(ours), theirs: formatDecimal(theirs) },
  ];
};

/** Positions and cash against the venue's. Nothing is overwritten: a difference blocks entries and alarms. */
export const decideVenueSnapshot = (
  state: AccountState,
  { positions, balances }: Extract<SystemCommand, { kind: 'venueSnapshot' }>,
): Decision => {
  const theirPositions = new Map<string, Fixed>();
  for (const { symbol, quantity } of positions) {
    const read = tryParseDecimal(quantity);
    if (read !== undefined) theirPositions.set(symbol, (theirPositions.get(symbol) ?? 0n) + read);
  }
  const theirCash = new Map<string, Fixed>();
  for (const { currency, total } of balances) {
    const read = tryParseDecimal(total);
    if (read !== undefined) theirCash.set(currency, (theirCash.get(currency) ?? 0n) + read);
  }
  const ourPositions = new Map(
    Array.from(state.positions.values(), ({ symbol, quantity }) => [symbol, quantity]),
  );
  return done([
    ...figuresOf(ourPositions, theirPositions, (symbol) => ({ symbol, currency: null })).flatMap((figure) =>
      compare(state, figure),
    ),
    ...figuresOf(state.cash, theirCash, (currency) => ({ symbol: null, currency })).flatMap((figure) =>
      compare(state, figure),
    ),
  ]);
};
