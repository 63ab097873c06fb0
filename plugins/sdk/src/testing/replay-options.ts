import type { OptimizerDefinition } from '../optimizer.ts';
import type { Decimal } from '../order-terms.ts';
import type { StrategyOrder } from '../strategy-effects.ts';
import type { Bar, InstrumentView, StrategyOrderView } from '../strategy-inputs.ts';
import type { BarInterval } from '../venue-market.ts';

/**
 * What a fill costs: the sum of both parts, none of what is left out; in the currency of the instrument.
 *
 * @see {@link ReplayOptions}
 */
export interface Commission {
  /** Money for each unit traded: "0.005" is half a cent a share. */
  readonly perUnit?: Decimal;
  /** Of the traded value: "0.001" is 0.1 %. */
  readonly rate?: Decimal;
}

/**
 * A refusal of an order: DENIED by a rule of the gateway, or REJECTED by the venue.
 *
 * @see {@link ReplayOptions}
 */
export interface Refusal {
  readonly status: 'DENIED' | 'REJECTED';
  /** What the strategy is told in `onOrderEvent`. */
  readonly reason: string;
}

/**
 * How a replay is run; nothing has to be given.
 *
 * @example
 * ```ts
 * const options: ReplayOptions = {
 *   startingCash: '25000',
 *   commission: { perUnit: '0.005', rate: '0.0001' },
 *   slippageBps: 2,
 *   maxVolumeShare: '0.1',
 *   instruments: [{ symbol: 'ACME', lotSize: '1', fractionable: false }],
 *   refuse: (_order, index) => (index === 0 ? { status: 'REJECTED', reason: 'the first one fails' } : null),
 * };
 * ```
 */
export interface ReplayOptions {
  /** Checked against the strategy's schema, which fills its defaults in. */
  readonly config?: unknown;
  /** What the strategy is started with; the symbols of the bars, in order of appearance, when left out. */
  readonly symbols?: readonly string[];
  /** What the strategy is started with; the interval of the first bar when left out. */
  readonly interval?: BarInterval;
  /** Those that the strategy may use, as the plugins of a gateway would have them. */
  readonly optimizers?: readonly OptimizerDefinition[];
  /** Of the strategy's `ctx.random()`. */
  readonly seed?: string;
  /** What is left out of an instrument is as in `fakeInstrument`. */
  readonly instruments?: readonly (Partial<InstrumentView> & Pick<InstrumentView, 'symbol'>)[];
  /** "100000" when left out. */
  readonly startingCash?: Decimal;
  /** None when left out. */
  readonly commission?: Commission;
  /** Hundredths of a percent by which orders at the market are filled worse, rounded to the tick; 0. */
  readonly slippageBps?: number;
  /** Most of a bar's volume that the strategy's orders get, such as "0.1"; without limit when left out. */
  readonly maxVolumeShare?: Decimal;
  /** Whether an order may open a short position; true when left out. */
  readonly allowShort?: boolean;
  /**
   * Positions and open entries may be worth so many times the equity, asked when an order is placed; 1 when
   * left out, null for no such check.
   */
  readonly leverage?: number | null;
  /** Whether the first `inputs().warmup` bars of each series are the warm-up; true when left out. */
  readonly warmup?: boolean;
  /** Whether `onStop` is called after the last bar; true when left out. */
  readonly stop?: boolean;
  /** Refuses an order before anything else looks at it. `index` counts the orders that were asked for, from 0. */
  readonly refuse?: (order: StrategyOrder, index: number) => Refusal | null;
  /** Whether the venue cancels an open order of its own accord, asked after each bar of its symbol. */
  readonly venueCancels?: (order: StrategyOrderView, bar: Bar) => boolean;
}
