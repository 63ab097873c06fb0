import { Random, type RandomState } from './random.ts';
import type {
  Effects,
  StrategyContext,
  StrategyDefinition,
  StrategyHooks,
  StrategyInputs,
  StrategyRun,
} from './strategy.ts';
import type { Json, StrategyEffect } from './strategy-effects.ts';
import { StrategyError } from './strategy-error.ts';
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
import { describeBadEffect } from './valid-effect.ts';

/*
 * What hosts run strategies with: a gateway's worker, a backtest, the testing kit. Authors of strategies
 * do not need it.
 */

/** One thing that a strategy is given. `at` is market time. */
export type StrategyInput =
  | { readonly kind: 'start'; readonly at: number }
  | { readonly kind: 'bar'; readonly at: number; readonly bar: Bar }
  | { readonly kind: 'quote'; readonly at: number; readonly quote: Quote }
  | { readonly kind: 'trade'; readonly at: number; readonly trade: Trade }
  | { readonly kind: 'fill'; readonly at: number; readonly fill: StrategyFill }
  | { readonly kind: 'orderEvent'; readonly at: number; readonly event: StrategyOrderEvent }
  | { readonly kind: 'timer'; readonly at: number; readonly timer: StrategyTimer }
  | { readonly kind: 'stop'; readonly at: number };

/** All that a strategy goes on from; JSON. */
export interface SavedStrategy {
  readonly now: number;
  readonly random: RandomState;
  readonly bars: readonly Bar[];
  /** What its `snapshot` gave; undefined for a strategy that has none and is warmed up instead. */
  readonly hooks?: Json;
}

export interface StrategyInstanceOptions {
  readonly definition: StrategyDefinition;
  /** Checked against the definition's schema by the host. */
  readonly config: unknown;
  readonly run: StrategyRun;
  readonly seed: string;
  readonly instruments: readonly InstrumentView[];
  /** Null: it begins. */
  readonly saved: SavedStrategy | null;
}

/** What came of inputs. */
export interface StrategyStep {
  readonly taken: number;
  readonly effects: readonly StrategyEffect[];
  readonly saved: SavedStrategy | null;
}

/** What a strategy wants to be given, with what it left out. */
export function wantedInputs(
  definition: StrategyDefinition,
  config: unknown,
  run: StrategyRun,
): Required<StrategyInputs> {
  const wanted = guarded('inputs', () => definition.inputs?.(config as never, run) ?? {});
  const { warmup = 0, intervals = [], quotes = false, trades = false } = wanted;
  if (!Number.isSafeInteger(warmup) || warmup < 0) {
    throw new StrategyError('STRATEGY_THREW', 'on inputs: warmup has to be a whole number of bars from 0');
  }
  return { warmup, intervals, quotes, trades };
}

/** More of them in one step is a loop that does not end. */
export const MOST_EFFECTS = 1_000;

/** One strategy, run step by step. Everything it throws is a StrategyError. */
export class StrategyInstance {
  private readonly hooks: StrategyHooks;
  private readonly random: Random;
  private readonly portfolio = new HeldPortfolio();
  private readonly market = new HeldMarket();
  private readonly view = { portfolio: this.portfolio, market: this.market } as const;
  private now = 0;

  constructor({ definition, config, run, seed, instruments, saved }: StrategyInstanceOptions) {
    this.random = saved === null ? Random.fromSeed('strategy', seed) : new Random(saved.random);
    this.market.setInstruments(instruments);
    const context: StrategyContext = Object.freeze({
      symbols: Object.freeze([...run.symbols]),
      interval: run.interval,
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

  setPortfolio(data: PortfolioData): void {
    this.portfolio.set(data);
  }

  /** Gives it a bar of before its time: what it wishes then is not heard. */
  warm(bar: Bar): void {
    this.step({ kind: 'bar', at: bar.at, bar });
  }

  /** The effects of one input, in order. After an error the instance must not be used any more. */
  step(input: StrategyInput): readonly StrategyEffect[] {
    this.now = Math.max(this.now, input.at);
    const effects = guarded(input.kind, () => collect(this.call(input)));
    for (const effect of effects) {
      const problem = describeBadEffect(effect);
      if (problem !== null) throw new StrategyError('STRATEGY_BAD_EFFECT', `on ${input.kind}: ${problem}`);
    }
    return effects;
  }

  /**
   * Takes inputs up to the first that has effects, or to the last. `saved` is there with effects, and when it
   * is asked for.
   */
  run(inputs: readonly StrategyInput[], portfolio: PortfolioData | null, save: boolean): StrategyStep {
    if (portfolio !== null) this.setPortfolio(portfolio);
    let taken = 0;
    for (const input of inputs) {
      taken += 1;
      const effects = this.step(input);
      if (effects.length > 0) return { taken, effects, saved: this.save() };
    }
    return { taken, effects: NONE, saved: save ? this.save() : null };
  }

  save(): SavedStrategy {
    const { hooks } = this;
    const state = { now: this.now, random: this.random.state(), bars: this.market.lastBars() };
    if (!this.remembers) return state;
    const snapshot = guarded('snapshot', () => hooks.snapshot?.() ?? null);
    return { ...state, hooks: snapshot };
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
  if (effects === undefined) return NONE;
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

function guarded<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof StrategyError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StrategyError('STRATEGY_THREW', `on ${what}: ${why}`, { cause });
  }
}
