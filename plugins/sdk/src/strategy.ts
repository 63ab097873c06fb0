import type { Static, TSchema } from '@sinclair/typebox';

import type { BarInterval } from './broker-events.ts';
import type { Json, StrategyEffect } from './strategy-effects.ts';
import type {
  Bar,
  Quote,
  StrategyFill,
  StrategyOrderEvent,
  StrategyTimer,
  StrategyView,
  Trade,
} from './strategy-inputs.ts';

/** What a strategy was started with. */
export interface StrategyRun {
  readonly symbols: readonly string[];
  /** Of the bars it is given, beside those that it asks for in `inputs`. */
  readonly interval: BarInterval;
}

/** What a strategy wants to be given. */
export interface StrategyInputs {
  /** Closed bars of each series that it is given before the first that counts; 0 when left out. */
  readonly warmup?: number;
  /** Further intervals of each of its symbols. */
  readonly intervals?: readonly BarInterval[];
  readonly quotes?: boolean;
  readonly trades?: boolean;
}

/**
 * All that a strategy may use besides what its hooks are given. There is no other clock, no other chance
 * and no I/O: the same inputs have to give the same effects, on paper, live and in a backtest.
 */
export interface StrategyContext extends StrategyRun {
  /** Market time of the step, epoch ms. */
  now(): number;
  /** In [0, 1), from the seed of the run; its state is part of the snapshot. */
  random(): number;
}

/** What a hook answers: nothing, or effects in order, best as a generator (`*onBar(bar, view) { yield … }`). */
export type Effects = Iterable<StrategyEffect> | undefined;

/**
 * A running strategy. Every hook may be left out. A hook that throws stops the strategy: nothing of its
 * step is done, and the host starts it again from its last snapshot.
 */
export interface StrategyHooks {
  /** Once, after the warm-up; not again after a restart. */
  onStart?(view: StrategyView): Effects;
  onBar?(bar: Bar, view: StrategyView): Effects;
  onQuote?(quote: Quote, view: StrategyView): Effects;
  onTrade?(trade: Trade, view: StrategyView): Effects;
  onFill?(fill: StrategyFill, view: StrategyView): Effects;
  onOrderEvent?(event: StrategyOrderEvent, view: StrategyView): Effects;
  onTimer?(timer: StrategyTimer, view: StrategyView): Effects;
  /** Before it is stopped on request; for orders that tidy up. */
  onStop?(view: StrategyView): Effects;
  /** What it has to know to go on, as JSON; the host keeps it with the effects of a step. */
  snapshot?(): Json;
  /** Called right after `create` with what `snapshot` gave; a strategy without both is warmed up anew. */
  restore?(snapshot: Json): void;
}

export interface StrategyDefinition<S extends TSchema = TSchema> {
  readonly kind: 'strategy';
  /** What `startStrategy(strategy: …)` names, e.g. "sma-cross". */
  readonly id: string;
  readonly description: string;
  /** JSON Schema of its parameters: checks them, describes them to people, and spans the space of a tuner. */
  readonly config: S;
  /** What is wrong with parameters that the schema lets pass, such as fast >= slow; null when nothing is. */
  check?(config: Static<S>, run: StrategyRun): { readonly field: string; readonly message: string } | null;
  inputs?(config: Static<S>, run: StrategyRun): StrategyInputs;
  create(config: Static<S>, ctx: StrategyContext): StrategyHooks;
}

/**
 * Declares a strategy extension.
 * @example
 * export const buyDips = defineStrategy({
 *   id: 'buy-dips', description: 'Buys after three falling bars',
 *   config: T.Object({ quantity: T.String({ default: '1' }) }),
 *   create({ quantity }) {
 *     let falling = 0;
 *     return {
 *       *onBar({ symbol, open, close }, { portfolio }) {
 *         falling = close < open ? falling + 1 : 0;
 *         if (falling === 3 && portfolio.position(symbol) === 0) yield place({ symbol, side: 'BUY', quantity });
 *       },
 *       snapshot: () => falling,
 *       restore: (snapshot) => void (falling = Number(snapshot)),
 *     };
 *   },
 * });
 */
export function defineStrategy<S extends TSchema>(
  definition: Omit<StrategyDefinition<S>, 'kind'>,
): StrategyDefinition<S> {
  return Object.freeze({ kind: 'strategy' as const, ...definition });
}
