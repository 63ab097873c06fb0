import type { Static, TSchema } from '@sinclair/typebox';

import type { LentOptimizer, OptimizerUse } from './optimizer-use.ts';
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
import type { BarInterval } from './venue-market.ts';

/**
 * What a strategy was started with.
 * @example
 * ```ts
 * const check = (_config: unknown, { symbols }: StrategyRun) =>
 *   symbols.length === 2 ? null : { field: 'symbols', message: 'a pair has two symbols' };
 * ```
 */
export interface StrategyRun {
  readonly symbols: readonly string[];
  /** Of the bars it is given, beside those that it asks for in `inputs`. */
  readonly interval: BarInterval;
}

/**
 * What other extensions a strategy uses, by its own names for them.
 * @see {@link OptimizerUse}
 */
export interface StrategyUses {
  readonly optimizers?: Readonly<Record<string, OptimizerUse>>;
}

/**
 * The other extensions that it asked for in `uses`, set up and in its own thread.
 * @example
 * ```ts
 * const inputs = (_config: unknown, _run: StrategyRun, tools: StrategyTools): StrategyInputs => ({
 *   warmup: tools.optimizer('weights').bars,
 * });
 * ```
 */
export interface StrategyTools {
  /**
   * By the strategy's name for it.
   * @throws {@link OptimizerError} BAD_INPUT for one that `uses` does not name.
   */
  optimizer(name: string): LentOptimizer;
}

/**
 * What a strategy wants to be given, besides the closed bars of its symbols and interval.
 * @example
 * ```ts
 * const inputs = (): StrategyInputs => ({ warmup: 200, intervals: ['DAY_1'], quotes: true });
 * ```
 */
export interface StrategyInputs {
  /**
   * Closed bars of each series that it is given before the first that counts; 0 when left out. What `onBar` wishes
   * at them is not heard; `portfolio.isAhead` is true.
   */
  readonly warmup?: number;
  /** Further intervals of each of its symbols. */
  readonly intervals?: readonly BarInterval[];
  /** Whether `onQuote` is called; false when left out. */
  readonly quotes?: boolean;
  /** Whether `onTrade` is called; false when left out. */
  readonly trades?: boolean;
}

/**
 * All that a strategy may use besides what its hooks are given. There is no other clock, no other chance
 * and no I/O: the same inputs have to give the same effects, on paper, live and in a backtest.
 * @see {@link setTimer}
 */
export interface StrategyContext extends StrategyRun, StrategyTools {
  /** Market time of the step, epoch ms. */
  now(): number;
  /** In [0, 1), from the seed of the run; its state is part of the snapshot. */
  random(): number;
}

/**
 * What a hook answers: nothing, or effects in order, best as a generator (`*onBar(bar, view) { yield … }`).
 * @example
 * ```ts
 * function* flatten(symbols: readonly string[]): Generator<StrategyEffect> {
 *   for (const symbol of symbols) yield close(symbol);
 * }
 * const leave = (symbols: readonly string[]): Effects => flatten(symbols);
 * ```
 */
export type Effects = Iterable<StrategyEffect> | undefined;

/**
 * A running strategy. Every hook may be left out. A hook that throws stops the strategy: nothing of its
 * step is done, and the host starts it again from its last snapshot.
 * @see {@link defineStrategy}
 */
export interface StrategyHooks {
  /** Once, after the warm-up; not again after a restart. */
  onStart?(view: StrategyView): Effects;
  /** For each closed bar of its series, once, in the order of market time. */
  onBar?(bar: Bar, view: StrategyView): Effects;
  /** For the top of the book as it changes, if its inputs ask for `quotes`: the newest, where they come too fast. */
  onQuote?(quote: Quote, view: StrategyView): Effects;
  /** For trades of the market, if its inputs ask for `trades`; some are left out where they come too fast. */
  onTrade?(trade: Trade, view: StrategyView): Effects;
  /** For each execution of its own orders, once. */
  onFill?(fill: StrategyFill, view: StrategyView): Effects;
  /** For whatever happens to its own orders, executions included: where each is then. */
  onOrderEvent?(event: StrategyOrderEvent, view: StrategyView): Effects;
  /** When market time has reached a timer that it set. */
  onTimer?(timer: StrategyTimer, view: StrategyView): Effects;
  /** Before it is stopped on request; for orders that tidy up. */
  onStop?(view: StrategyView): Effects;
  /** What it has to know to go on, as JSON; the host keeps it with the effects of a step. */
  snapshot?(): Json;
  /** Called right after `create` with what `snapshot` gave; a strategy without both is warmed up anew. */
  restore?(snapshot: Json): void;
}

/**
 * A strategy extension: its parameters, what it needs, and how it is made of them.
 * @see {@link defineStrategy}
 */
export interface StrategyDefinition<S extends TSchema = TSchema> {
  readonly kind: 'strategy';
  /** What `startStrategy(strategy: …)` names, e.g. "sma-cross". */
  readonly id: string;
  readonly description: string;
  /** JSON Schema of its parameters: checks them, describes them to people, and spans the space of a tuner. */
  readonly config: S;
  /** What is wrong with parameters that the schema lets pass, such as fast >= slow; null when nothing is. */
  check?(config: Static<S>, run: StrategyRun): { readonly field: string; readonly message: string } | null;
  /**
   * The optimizers that it calls, by its own names for them. The host checks their parameters before the strategy
   * starts, and refuses the start with the field of the strategy's that is wrong.
   */
  uses?(config: Static<S>, run: StrategyRun): StrategyUses;
  /** `tools` are there to be asked what they need; they are not called here. */
  inputs?(config: Static<S>, run: StrategyRun, tools: StrategyTools): StrategyInputs;
  /** Makes a running strategy; again after each restart, `restore` being called right after it with the snapshot. */
  create(config: Static<S>, ctx: StrategyContext): StrategyHooks;
}

/**
 * Declares a strategy extension.
 * @returns The definition, frozen, for the `extensions` of a plugin.
 * @example
 * ```ts
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
 * ```
 */
export function defineStrategy<S extends TSchema>(
  definition: Omit<StrategyDefinition<S>, 'kind'>,
): StrategyDefinition<S> {
  return Object.freeze({ kind: 'strategy' as const, ...definition });
}
