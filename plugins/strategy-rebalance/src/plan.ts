import { type InstrumentView, type PortfolioView, wholeLots } from '@omniquant/plugin-sdk';
import { type Fixed, parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';

/** One symbol as it stands. */
export interface Holding {
  readonly symbol: string;
  readonly instrument: InstrumentView;
  readonly close: number;
  readonly position: Fixed;
  /** Of the position, in the instrument's currency. */
  readonly value: number;
}

/** Units that a symbol is to come to. */
export interface Move {
  readonly symbol: string;
  readonly target: Fixed;
}

export interface Plan {
  readonly sells: readonly Move[];
  readonly buys: readonly Move[];
}

const priceOf = ({ close, instrument }: Pick<Holding, 'close' | 'instrument'>): number =>
  close * Number(instrument.multiplier);

export function holdingOf(instrument: InstrumentView, close: number, portfolio: PortfolioView): Holding {
  const { symbol } = instrument;
  const value = portfolio.position(symbol) * priceOf({ close, instrument });
  return { symbol, instrument, close, position: parseDecimal(portfolio.quantity(symbol)), value };
}

/** How far the furthest weight is off. */
export const driftOf = (holdings: readonly Holding[], weights: readonly number[], total: number): number =>
  Math.max(0, ...holdings.map(({ value }, index) => Math.abs(value / total - (weights[index] ?? 0))));

/**
 * The trades that bring each holding to its weight of `budget`, in whole lots. One of less than `minTrade` is
 * left out, unless it sells the rest of what has no weight any more.
 */
export function planOf(
  holdings: readonly Holding[],
  weights: readonly number[],
  budget: number,
  minTrade: number,
): Plan {
  const moves = holdings.map((holding, index) => {
    const price = priceOf(holding);
    const weight = weights[index] ?? 0;
    const target = wholeLots((budget * weight) / price, holding.instrument);
    const worth = Math.abs(budget * weight - holding.value);
    const isWorthIt = worth >= minTrade || (weight === 0 && holding.position > 0n);
    return { symbol: holding.symbol, target: isWorthIt ? target : holding.position, from: holding.position };
  });
  return {
    sells: moves.filter(({ from, target }) => target < from),
    buys: moves.filter(({ from, target }) => target > from),
  };
}

/** The buys that `cash` is enough for at the last closes: all of them, or each cut by the same share. */
export function affordable(
  buys: readonly Move[],
  holdings: readonly Holding[],
  cash: number,
  minTrade: number,
): readonly Move[] {
  const wanted = buys.flatMap(({ symbol, target }) => {
    const holding = holdings.find((held) => held.symbol === symbol);
    if (holding === undefined || target <= holding.position) return [];
    const units = toNumber(target - holding.position);
    return [{ holding, units, cost: units * priceOf(holding) }];
  });
  const cost = wanted.reduce((sum, buy) => sum + buy.cost, 0);
  const share = cost > cash ? Math.max(0, cash) / cost : 1;
  return wanted.flatMap(({ holding, units }) => {
    const more = wholeLots(units * share, holding.instrument);
    const worth = toNumber(more) * priceOf(holding);
    if (more === 0n || worth < minTrade) return [];
    return [{ symbol: holding.symbol, target: holding.position + more }];
  });
}
