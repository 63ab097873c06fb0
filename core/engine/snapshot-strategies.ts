import type { Position } from '../portfolio/position.ts';
import type { StrategyState } from '../strategies/strategy-state.ts';

/** The scaled integers themselves: sums may have more digits than a decimal that is read. */
export type SavedPosition = Readonly<Record<keyof Position, string>>;

export const savePosition = (position: Position): SavedPosition => ({
  symbol: position.symbol,
  currency: position.currency,
  multiplier: position.multiplier.toString(),
  quantity: position.quantity.toString(),
  cost: position.cost.toString(),
  realizedPnl: position.realizedPnl.toString(),
});

export const restorePosition = (saved: SavedPosition): Position => ({
  symbol: saved.symbol,
  currency: saved.currency,
  multiplier: BigInt(saved.multiplier),
  quantity: BigInt(saved.quantity),
  cost: BigInt(saved.cost),
  realizedPnl: BigInt(saved.realizedPnl),
});

export type SavedStrategyState = Omit<StrategyState, 'refs' | 'holdings'> & {
  readonly refs: readonly (readonly [string, string])[];
  readonly holdings: readonly SavedPosition[];
};

export const saveStrategy = (strategy: StrategyState): SavedStrategyState => ({
  ...strategy,
  refs: [...strategy.refs],
  holdings: Array.from(strategy.holdings.values(), savePosition),
});

export const restoreStrategy = ({ refs, holdings, ...plain }: SavedStrategyState): StrategyState => ({
  ...plain,
  refs: new Map(refs),
  holdings: new Map(holdings.map((saved) => [saved.symbol, restorePosition(saved)])),
});
