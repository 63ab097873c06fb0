import { Random, type RandomState } from './random.ts';
import type { Effects, StrategyContext, StrategyDefinition, StrategyHooks, StrategyRun } from './strategy.ts';
import type { Json, StrategyEffect } from './strategy-effects.ts';
import { StrategyError } from './strategy-error.ts';
import { guarded, strategyErrorOf } from './strategy-guard.ts';
import type {
  Bar,
  InstrumentView,
  Quote,
  StrategyFill,
  StrategyOrderEvent,
  StrategyTimer,
  Trade,
} from './strategy-inputs.ts';
import { HeldMarket, HeldPortfolio, type PortfolioData } from './strategy-view.ts';
import { NO_OPTIMIZERS, type Optimizers, toolsOf } from './strategy-wants.ts';
import { describeBadEffect } from './valid-effect.ts';

export { type Optimizers, toolsOf, usesOf, wantedInputs } from './strategy-wants.ts';
export { describeBadEffect } from './valid-effect.ts';

/*
 * What hosts run strategies with: a gateway's worker, a backtest, the testing kit. Authors of strategies
 * do not need it.
 */

/**
 * One thing that a strategy is given, as data: each calls the hook of its name. `at` is market time, epoch ms; of a
 * bar its end.
 *
 * @see {@link StrategyInstance}
 */
export type StrategyInput =
  | { readonly kind: 'start'; readonly at: number }
  /** `isOutdated`: a newer bar of its series is there already. */
  | { readonly kind: 'bar'; readonly at: number; readonly bar: Bar; readonly isOutdated?: true }
  | { readonly kind: 'quote'; readonly at: number; readonly quote: Quote }
  | { readonly kind: 'trade'; readonly at: number; readonly trade: Trade }
  | { readonly kind: 'fill'; readonly at: number; readonly fill: StrategyFill }
  | { readonly kind: 'orderEvent'; readonly at: number; readonly event: StrategyOrderEvent }
  | { readonly kind: 'timer'; readonly at: number; readonly timer: StrategyTimer }
  | { readonly kind: 'stop'; readonly at: number };

/**
 * All that a strategy goes on from; JSON.
 *
 * @see {@link StrategyInstance}
 */
export interface SavedStrategy {
  /** Market time of the last step, epoch ms. */
  readonly now: number;
  /** Where its `ctx.random()` stands. */
  readonly random: RandomState;
  /** The last bar of each series, for its `market` view. */
  readonly bars: readonly Bar[];
  /** What its `snapshot` gave; undefined for a strategy that has none and is warmed up instead. */
  readonly hooks?: Json;
}

/**
 * What a {@link StrategyInstance} is made of.
 *
 * @see {@link StrategyInstance}
 */
export interface StrategyInstanceOptions {
  readonly definition: StrategyDefinition;
  /** Checked against the definition's schema by the host. */
  readonly config: unknown;
  /** Symbols and interval that it was started with. */
  readonly run: StrategyRun;
  /** Of its `ctx.random()`; without effect on one that is saved, which goes on where its numbers were. */
  readonly seed: string;
  /** What its `market.instrument` answers from. */
  readonly instruments: readonly InstrumentView[];
  /** Null: it begins. */
  readonly saved: SavedStrategy | null;
  /** What it uses, by its names for them; none when left out. */
  readonly optimizers?: Optimizers;
}

/**
 * What came of inputs.
 *
 * @see {@link StrategyInstance}
 */
export interface StrategyStep {
  /** How many inputs were taken; the rest is to be given again, after the effects. */
  readonly taken: number;
  /** Of the last input that was taken; those before it had none. */
  readonly effects: readonly StrategyEffect[];
  /** To be kept with the effects; null where there are none and it was not asked for. */
  readonly saved: SavedStrategy | null;
}

/**
 * Effects that one step may have: more are taken for a loop that does not end.
 *
 * @example
 * ```ts
 * const flood = defineStrategy({
 *   id: 'flood',
 *   description: 'Logs more than it may',
 *   config: T.Object({}),
 *   create: () => ({
 *     *onStart() {
 *       for (let line = 0; line <= MOST_EFFECTS; line += 1) yield log('INFO', `line ${line}`);
 *     },
 *   }),
 * });
 * await replay(flood, barsOf([100])).catch((error: unknown) =>
 *   error instanceof StrategyError ? error.code : null,
 * ); // 'STRATEGY_TOO_MANY_EFFECTS'
 * ```
 */
export const MOST_EFFECTS = 1_000;

/**
 * One strategy, run step by step. It is the host that carries effects out, keeps what is saved with them, and says
 * what became of orders by further inputs. After an error the instance must not be used any more.
 *
 * @throws {@link StrategyError} and nothing else, from the constructor and every method that calls the strategy:
 * STRATEGY_THREW, STRATEGY_BAD_EFFECT, STRATEGY_TOO_MANY_EFFECTS or STRATEGY_OPTIMIZER_FAILED.
 *
 * @example
 * ```ts
 * const buyOnce = defineStrategy({
 *   id: 'buy-once',
 *   description: 'Buys each symbol at the start',
 *   config: T.Object({}),
 *   create: (_config, { symbols }) => ({
 *     *onStart() {
 *       for (const symbol of symbols) yield place({ symbol, side: 'BUY', quantity: '1' });
 *     },
 *   }),
 * });
 * const instance = new StrategyInstance({
 *   definition: buyOnce,
 *   config: {},
 *   run: { symbols: ['ACME'], interval: 'DAY_1' },
 *   seed: 'one',
 *   instruments: [fakeInstrument('ACME')],
 *   saved: null,
 * });
 * const { effects, taken } = instance.run([{ kind: 'start', at: 0 }], EMPTY_PORTFOLIO, false);
 * effects; // [{ type: 'place', order: { symbol: 'ACME', side: 'BUY', quantity: '1' } }]
 * taken; // 1
 * ```
 */
export class StrategyInstance {
  private readonly hooks: StrategyHooks;
  private readonly random: Random;
  private readonly portfolio = new HeldPortfolio();
  private readonly market = new HeldMarket();
  private readonly view = { portfolio: this.portfolio, market: this.market } as const;
  private now = 0;

  /** Calls `create`, and `restore` with what was saved. */
  constructor(options: StrategyInstanceOptions) {
    const { config, definition, instruments, optimizers = NO_OPTIMIZERS, run, saved, seed } = options;
    this.random = saved === null ? Random.fromSeed('strategy', seed) : new Random(saved.random);
    this.market.setInstruments(instruments);
    const context: StrategyContext = Object.freeze({
      symbols: Object.freeze([...run.symbols]),
      interval: run.interval,
      ...toolsOf(optimizers),
      now: () => this.now,
      random: () => this.random.fraction(),
    });
    this.hooks = guarded('create', () => definition.create(config as never, context));
    if (saved === null) return;
    this.now = saved.now;
    for (const bar of saved.bars) this.market.takeBar(bar);
    const { hooks } = saved;
    if (hooks !== undefined) guarded('restore', () => this.hooks.restore?.(hooks));
  }

  /** Whether it has a memory of its own; one without is warmed up anew instead. */
  get remembers(): boolean {
    return this.hooks.snapshot !== undefined && this.hooks.restore !== undefined;
  }

  /** What its `portfolio` view shows from now on; it stays as it is for the whole of a step. */
  setPortfolio(data: PortfolioData): void {
    this.portfolio.set(data);
  }

  /**
   * Gives it a bar of before its time, at the market time of the bar's start: what it wishes then is not heard.
   */
  warm(bar: Bar): void {
    this.step({ kind: 'bar', at: bar.at, bar, isOutdated: true });
  }

  /** The effects of one input, in order, each of a sound shape. */
  step(input: StrategyInput): readonly StrategyEffect[] {
    this.now = Math.max(this.now, input.at);
    this.portfolio.isAhead = input.kind === 'bar' && input.isOutdated === true;
    const effects = this.effectsOf(input);
    if (effects.length === 0) return NONE;
    for (const effect of effects) {
      const problem = describeBadEffect(effect);
      if (problem !== null) throw new StrategyError('STRATEGY_BAD_EFFECT', `on ${input.kind}: ${problem}`);
    }
    return effects;
  }

  /**
   * Takes inputs, from the one at `from` up to the first that has effects or to the last. `saved` is there with
   * effects, and when it is asked for.
   * @param portfolio As {@link StrategyInstance.setPortfolio}, before the first; null leaves it as it is.
   */
  run(
    inputs: readonly StrategyInput[],
    portfolio: PortfolioData | null,
    save: boolean,
    from = 0,
  ): StrategyStep {
    if (portfolio !== null) this.setPortfolio(portfolio);
    for (let index = from; index < inputs.length; index += 1) {
      const effects = this.step(inputs[index]!);
      if (effects.length > 0) return { taken: index + 1 - from, effects, saved: this.save() };
    }
    return { taken: inputs.length - from, effects: NONE, saved: save ? this.save() : null };
  }

  /** What a new instance goes on from, as of now. */
  save(): SavedStrategy {
    const { hooks } = this;
    const state = { now: this.now, random: this.random.state(), bars: this.market.lastBars() };
    if (!this.remembers) return state;
    const snapshot = guarded('snapshot', () => hooks.snapshot?.() ?? null);
    return { ...state, hooks: snapshot };
  }

  /** As `guarded`, without a closure for each of millions of inputs. */
  private effectsOf(input: StrategyInput): readonly StrategyEffect[] {
    try {
      return collect(this.call(input));
    } catch (cause) {
      throw strategyErrorOf(input.kind, cause);
    }
  }

  private call(input: StrategyInput): Effects {
    const { hooks, view } = this;
    switch (input.kind) {
      case 'bar':
        this.market.takeBar(input.bar);
        return hooks.onBar?.(input.bar, view);
      case 'quote':
        this.market.takeQuote(input.quote);
        return hooks.onQuote?.(input.quote, view);
      case 'trade':
        return hooks.onTrade?.(input.trade, view);
      case 'fill':
        return hooks.onFill?.(input.fill, view);
      case 'orderEvent':
        return hooks.onOrderEvent?.(input.event, view);
      case 'timer':
        return hooks.onTimer?.(input.timer, view);
      case 'start':
        return hooks.onStart?.(view);
      case 'stop':
        return hooks.onStop?.(view);
    }
  }
}

const NONE: readonly StrategyEffect[] = [];

function collect(effects: Effects): readonly StrategyEffect[] {
  if (effects === undefined || isEmpty(effects)) return NONE;
  let collected: StrategyEffect[] | null = null;
  for (const effect of effects) {
    collected ??= [];
    if (collected.length >= MOST_EFFECTS) {
      throw new StrategyError(
        'STRATEGY_TOO_MANY_EFFECTS',
        `a step has more than ${String(MOST_EFFECTS)} effects: spread them over several steps`,
      );
    }
    collected.push(effect);
  }
  return collected ?? NONE;
}

/** As most are: nothing is made to find that out. */
const isEmpty = (effects: Iterable<StrategyEffect>): boolean =>
  Array.isArray(effects) && effects.length === 0;
