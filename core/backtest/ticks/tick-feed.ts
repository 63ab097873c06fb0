import { BacktestError } from '../backtest-error.ts';
import type { BacktestSettings } from '../backtest-spec.ts';
import type { BacktestData } from '../bar-source.ts';
import { SeriesMerge } from '../series-merge.ts';
import type { MarketSource, TickKind, TickSeries } from '../tick-source.ts';
import type { TradedSymbol } from '../traded-symbol.ts';
import { TickLane } from './tick-lane.ts';
import { TickMarket } from './tick-market.ts';

/** Of rows of one instant and symbol: a trade is of before the book shows it. */
const ORDER: readonly TickKind[] = ['TRADES', 'L3', 'L2', 'QUOTES'];

/** Which kinds of ticks there are of each of the strategy's symbols that has some. */
export const tickKinds = (
  { symbols }: BacktestSettings,
  { ticks = [] }: BacktestData,
): ReadonlyMap<string, ReadonlySet<TickKind>> => {
  const kinds = new Map<string, Set<TickKind>>();
  for (const { kind, symbol } of ticks.map(({ series }) => series)) {
    if (!symbols.includes(symbol)) continue;
    const known = kinds.get(symbol) ?? new Set<TickKind>();
    if (known.has(kind)) throw new BacktestError('BAD_TICKS', `there are two series of ${kind} of ${symbol}`);
    kinds.set(symbol, known.add(kind));
  }
  return kinds;
};

/** The ticks of a run in the order of time; of one instant in the order of the symbols, of each in ORDER. */
export class TickFeed {
  readonly lanes: readonly TickLane[];
  readonly markets: ReadonlyMap<string, TickMarket>;
  /** Time of the last row of all; null while nobody knows. */
  readonly endsAt: number | null;
  private readonly merge: SeriesMerge<TickLane>;
  private readonly to: number;

  constructor(
    settings: BacktestSettings,
    kinds: ReadonlyMap<string, ReadonlySet<TickKind>>,
    symbols: ReadonlyMap<string, TradedSymbol>,
    { ticks = [] }: BacktestData,
  ) {
    this.markets = new Map(
      [...kinds].flatMap(([name, known]) => {
        const symbol = symbols.get(name);
        return symbol === undefined ? [] : [[name, new TickMarket(symbol, known)] as const];
      }),
    );
    const place = ({ series }: MarketSource): number =>
      settings.symbols.indexOf(series.symbol) * ORDER.length + ORDER.indexOf(series.kind);
    const sources = ticks
      .filter(({ series }) => this.markets.has(series.symbol))
      .sort((a, b) => place(a) - place(b));
    this.lanes = sources.flatMap((source, rank) => {
      const market = this.markets.get(source.series.symbol);
      return market === undefined ? [] : [TickLane.of(source, rank, market)];
    });
    this.merge = new SeriesMerge(this.lanes);
    this.to = settings.to ?? Infinity;
    const lasts = sources.map(({ lastAt }) => lastAt);
    this.endsAt = lasts.every((at) => at !== undefined) ? Math.max(...lasts) : null;
  }

  /** The lane whose row comes next; 'END', or the series that has to be given a block first. */
  next(): TickLane | TickSeries | 'END' {
    const next = this.merge.next();
    if (next === null) return 'END';
    return next instanceof TickLane && next.endsAt > this.to ? 'END' : next;
  }

  /** Goes past the row that `next` gave. */
  pass(): void {
    this.merge.pass();
  }

  /** Goes past rows of before a restart; null when that is done, else the series whose blocks are missing. */
  skip(taken: readonly number[]): TickSeries | null {
    for (const lane of this.lanes) if (!lane.skip(taken[lane.rank] ?? 0)) return lane.series;
    return null;
  }
}
