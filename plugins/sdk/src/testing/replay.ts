import type { StrategyDefinition, StrategyRun } from '../strategy.ts';
import type { Bar } from '../strategy-inputs.ts';
import { type Optimizers, wantedInputs } from '../strategy-instance.ts';
import { optimizersFor } from './lent-optimizers.ts';
import { replaySettings } from './replay/settings.ts';
import { type ReplayProbe, StrategyReplay } from './replay/strategy-replay.ts';
import { timelineOf } from './replay/timeline.ts';
import type { ReplayOptions } from './replay-options.ts';
import type { ReplayResult } from './replay-result.ts';
import { configFor } from './strategy-config.ts';

/** Prepares a run with what the conformance kit watches it by. */
export function prepareReplay(
  definition: StrategyDefinition,
  bars: readonly Bar[],
  options: ReplayOptions,
  optimizers: Optimizers,
  probe: ReplayProbe = {},
  reversesTies = false,
): StrategyReplay {
  const run = runOf(bars, options);
  const config = configFor(definition, options.config, run);
  const wanted = wantedInputs(definition, config, run, optimizers);
  const timeline = timelineOf(bars, { run, wanted, hasWarmup: options.warmup ?? true, reversesTies });
  const settings = replaySettings(options, run.symbols);
  const seed = options.seed ?? 'replay';
  return new StrategyReplay({ definition, config, run, seed, optimizers, settings, timeline, probe });
}

const runOf = (bars: readonly Bar[], options: ReplayOptions): StrategyRun => ({
  symbols: options.symbols ?? [...new Set(bars.map(({ symbol }) => symbol))],
  interval: options.interval ?? bars[0]?.interval ?? 'DAY_1',
});

/**
 * Runs a strategy over bars, with orders filled by a plain model: for tests of a strategy's logic, not a
 * judgement of its worth. The same arguments give the same result, to the hash, on any machine.
 *
 * **Bars** of one or several symbols and intervals, in any order as long as each series is in order, are merged
 * by their ends. Orders trade against the finest interval of their symbol. The first `inputs().warmup` bars of
 * each series are the warm-up.
 *
 * **Orders** are looked at from the first bar of their symbol on that begins at or after the moment at which
 * they were asked for:
 *
 * - MARKET fills at the open. LIMIT fills at the open where that is at the limit or better, else at the limit
 *   when the bar trades through it; a bar that only touches it fills nothing.
 * - STOP, STOP_LIMIT, MARKET_IF_TOUCHED and LIMIT_IF_TOUCHED trigger at the open where that is at their price or
 *   beyond, else at their price when the bar reaches it, and fill there; a limit that does not allow it rests.
 * - Trailing orders move with what is certain of a bar: its open before all else, its extreme before its close.
 * - IOC and FOK trade at the first open or not at all. DAY ends with the UTC day of the first bar that the order
 *   meets; GTD at the first bar that begins or ends at its time or later. There are no auctions: OPG and CLS
 *   are denied.
 * - Reduce-only orders shrink to the position and are cancelled when there is none.
 * - Legs of a bracket work from the bar after the first fill of their entry, sized to what it has filled, and
 *   cancel each other. Would one bar hit both, the stop is taken, unless the bar opens beyond the take profit.
 * - Within a bar, fills at the open come before all others.
 * - An order that needs money or a position that is not there is denied when it is asked for, by its limit, its
 *   stop or the last close; what it costs in the end may be more.
 * - Cancels and replaces are done at once.
 *
 * **The strategy** is given fills and order events at the end of the bar, before the bar: each fill, then what
 * its order is after it. An order goes through SUBMITTED, WORKING (TRIGGERED), PARTIALLY_FILLED and FILLED, or
 * ends otherwise.
 *
 * @throws {@link ReplayError} by rejecting, for bars, parameters and options that are none; its code says which.
 * @throws {@link StrategyError} by rejecting, for what the strategy does wrong; its code says what.
 *
 * @example
 * ```ts
 * const buyOnce = defineStrategy({
 *   id: 'buy-once',
 *   description: 'Buys each symbol at the start',
 *   config: T.Object({ quantity: T.String({ default: '1' }) }),
 *   create: ({ quantity }, { symbols }) => ({
 *     *onStart() {
 *       for (const symbol of symbols) yield place({ symbol, side: 'BUY', quantity });
 *     },
 *   }),
 * });
 * const bars = barsOf([100, 101, 104], { symbol: 'ACME' });
 * const { fills, statistics } = await replay(buyOnce, bars, { config: { quantity: '5' } });
 * fills.map((fill) => `${fill.quantity} at ${fill.price}`); // ['5 at 100']
 * statistics.finalEquity; // '100020'
 * ```
 */
export async function replay(
  strategy: StrategyDefinition,
  bars: readonly Bar[],
  options: ReplayOptions = {},
): Promise<ReplayResult> {
  const run = runOf(bars, options);
  const config = configFor(strategy, options.config, run);
  const optimizers = await optimizersFor(strategy, config, run, options.optimizers ?? []);
  const prepared = prepareReplay(strategy, bars, options, optimizers);
  prepared.play();
  if (options.stop ?? true) prepared.stop();
  return prepared.result();
}
