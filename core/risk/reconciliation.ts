import type { VenueBalance, VenuePosition } from '@omniquant/plugin-sdk';
import { type Fixed, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';

/** A position (by symbol) or cash (by currency) that the broker has another figure for. */
export interface Difference {
  readonly symbol: string | null;
  readonly currency: string | null;
  readonly ours: Fixed;
  readonly theirs: Fixed;
}

const compare = (
  ours: ReadonlyMap<string, Fixed>,
  theirs: ReadonlyMap<string, Fixed>,
): { key: string; ours: Fixed; theirs: Fixed }[] =>
  [...new Set([...ours.keys(), ...theirs.keys()])]
    .sort()
    .map((key) => ({ key, ours: ours.get(key) ?? 0n, theirs: theirs.get(key) ?? 0n }))
    .filter((pair) => pair.ours !== pair.theirs);

const sum = (amounts: Iterable<readonly [string, string]>): ReadonlyMap<string, Fixed> => {
  const total = new Map<string, Fixed>();
  for (const [key, amount] of amounts) total.set(key, (total.get(key) ?? 0n) + parseDecimal(amount));
  return total;
};

/**
 * Where positions and cash differ from the broker's, exactly, positions first, each in order of name.
 * What one side does not list is zero there.
 *
 * The two are of one instant only when nothing is under way: a fill that the broker has booked and we
 * have not heard of is a difference that goes by itself. So the caller compares after it has taken in
 * all fills that the broker lists, and treats what it finds as a mismatch only when the same difference
 * is still there after the grace period, with no order of the symbol (for cash: no order at all)
 * submitted, in doubt or filled in between. Throws DecimalError when the broker's figure is no decimal.
 */
export const compareWithVenue = (
  state: Pick<AccountState, 'positions' | 'cash'>,
  positions: readonly VenuePosition[],
  balances: readonly VenueBalance[],
): readonly Difference[] => {
  const held = new Map([...state.positions].map(([symbol, { quantity }]) => [symbol, quantity] as const));
  const theirPositions = sum(positions.map(({ symbol, quantity }) => [symbol, quantity] as const));
  const theirCash = sum(balances.map(({ currency, total }) => [currency, total] as const));
  return [
    ...compare(held, theirPositions).map(({ key, ...pair }) => ({ symbol: key, currency: null, ...pair })),
    ...compare(state.cash, theirCash).map(({ key, ...pair }) => ({ symbol: null, currency: key, ...pair })),
  ];
};
