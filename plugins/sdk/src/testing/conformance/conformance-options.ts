import type { OptimizerDefinition } from '../../optimizer.ts';
import type { Bar } from '../../strategy-inputs.ts';
import type { BarInterval } from '../../venue-market.ts';
import type { ReplayOptions } from '../replay-options.ts';

/**
 * What the cases run a strategy with; nothing has to be given.
 *
 * @example
 * ```ts
 * const options: StrategyConformanceOptions = {
 *   symbols: ['ACME', 'OTHER'],
 *   interval: 'DAY_1',
 *   config: { lookback: 20 },
 *   independentSymbols: false, // A pair: the legs depend on each other.
 *   onStop: { cancelsOrders: true },
 *   makeBars: (seed, count) =>
 *     ['ACME', 'OTHER'].flatMap((symbol) => randomBars({ symbol, seed, count: count + 20, volatility: 0.02 })),
 * };
 * ```
 */
export interface StrategyConformanceOptions {
  /** Parameters; the schema's defaults when left out. */
  readonly config?: unknown;
  /** Those that the strategy may use. */
  readonly optimizers?: readonly OptimizerDefinition[];
  /** "AAA" and "BBB" when left out. */
  readonly symbols?: readonly string[];
  /** HOUR_1 when left out. */
  readonly interval?: BarInterval;
  /** Of the bars and of the strategy's chance. */
  readonly seed?: string;
  /** Bars of each symbol after the warm-up; 300 when left out. S5 compares the snapshots of so many and 4 times so many. */
  readonly bars?: number;
  /**
   * Bars that the strategy does something on, in place of random walks: of all symbols and intervals that it
   * wants, `count` of each symbol and a warm-up. Another seed has to give other bars.
   */
  readonly makeBars?: (seed: string, count: number) => readonly Bar[];
  /**
   * Whether each symbol is traded for itself, with no regard to the others, to the cash or to chance drawn for
   * them; true when left out. False leaves S9 out: of two legs of a pair, one comes first.
   */
  readonly independentSymbols?: boolean;
  /** Effects but logs and metrics that are no flood, for each symbol from one bar to the next; 20. */
  readonly mostEffects?: number;
  /** What `onStop` says that it tidies up; nothing when left out. */
  readonly onStop?: { readonly cancelsOrders?: boolean; readonly closesPositions?: boolean };
  /** Whether it may do nothing at all on the bars; false when left out. True leaves S14 out. */
  readonly mayBeIdle?: boolean;
  /** Instruments, cash and costs; without a limit on leverage when left out. */
  readonly replay?: Pick<
    ReplayOptions,
    'instruments' | 'startingCash' | 'commission' | 'slippageBps' | 'allowShort' | 'leverage'
  >;
}
