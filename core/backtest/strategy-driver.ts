import type { StrategyEffect } from '@omniquant/plugin-sdk';
import { toNumber } from '@omniquant/plugin-sdk/decimal';
import type { SavedStrategy } from '@omniquant/plugin-sdk/strategy-instance';
import { type StrategyInput, StrategyInstance } from '@omniquant/plugin-sdk/strategy-instance';

import { equityOf } from '../engine/decide/loss-guard.ts';
import { isBinding, wishesOf } from '../strategies/effect-commands.ts';
import { instrumentViews } from '../strategies/instrument-views.ts';
import { orderInputsOf } from '../strategies/order-inputs.ts';
import { holdingsOf } from '../strategies/portfolio-of.ts';
import { ShownHoldings } from '../strategies/shown-holdings.ts';
import { refusalsOf } from '../strategies/step-refusals.ts';
import type { StrategyState } from '../strategies/strategy-state.ts';
import type { Applied, BacktestAccount } from './backtest-account.ts';
import { BacktestError } from './backtest-error.ts';
import type { BacktestSpec } from './backtest-spec.ts';
import { StrategyLog } from './strategy-log.ts';

export const STRATEGY_ID = 'strategy';
const ACTOR = `strategy:${STRATEGY_ID}`;

/** Inputs that a strategy may be given while market time stands still, for each of its symbols. */
const MOST_INPUTS_AT_ONCE = 5_000;

/** What a driver goes on from; JSON. */
export interface SavedDriver {
  readonly instance: SavedStrategy;
  readonly steps: number;
  readonly timers: Readonly<Record<string, number>>;
  readonly log: ReturnType<StrategyLog['save']>;
}

/**
 * The strategy of a run: it is given its inputs one by one, and what it wishes is done at once by the same conversions as
 * live. Its portfolio is shown as it is when the input is given.
 */
export class StrategyDriver {
  readonly log = new StrategyLog();
  /** When the next timer is due; Infinity without any. */
  nextTimerAt = Infinity;
  steps = 0;
  private readonly account: BacktestAccount;
  private readonly instance: StrategyInstance;
  private readonly most: number;
  private readonly ids = { next: () => this.account.nextId() };
  private readonly queue: StrategyInput[] = [];
  private timers: Readonly<Record<string, number>> = {};
  private holdings: ShownHoldings | null = null;
  private hasNews = true;
  private instant = 0;
  private inputsAtOnce = 0;

  constructor(spec: BacktestSpec, account: BacktestAccount, saved: SavedDriver | null) {
    const { settings } = spec;
    this.account = account;
    this.most = MOST_INPUTS_AT_ONCE * settings.symbols.length;
    this.instance = new StrategyInstance({
      definition: spec.strategy,
      config: settings.config,
      run: { symbols: settings.symbols, interval: settings.interval },
      seed: String(settings.seed),
      instruments: instrumentViews(account.ctx.market, settings.symbols),
      saved: saved?.instance ?? null,
      ...(spec.optimizers !== undefined && { optimizers: spec.optimizers }),
    });
    if (saved === null) return;
    this.steps = saved.steps;
    this.log.restore(saved.log);
    this.setTimers(saved.timers);
  }

  /** Of a bar of before its time. */
  warm: StrategyInstance['warm'] = (bar) => {
    this.instance.warm(bar);
  };

  /** Begins, after the warm-up. */
  start({ settings }: BacktestSpec): void {
    const { config, interval, seed, strategy, symbols } = settings;
    const terms = { strategyId: STRATEGY_ID, strategy, symbols, interval, config, seed: String(seed) };
    this.account.run({ kind: 'startStrategy', terms }, 'gateway');
    this.give({ kind: 'start', at: this.account.now });
  }

  /** What has happened to its orders waits for it. */
  take: Applied = (events, touched) => {
    this.hasNews = true;
    const strategy = this.state();
    for (const { symbol } of touched.values()) this.holdings?.touch(symbol);
    if (strategy === undefined || strategy.refs.size === 0) return;
    for (const { input } of orderInputsOf(this.account.state, strategy, events)) this.queue.push(input);
  };

  /** Gives what waits, then the input, then whatever follows from it. */
  give(input: StrategyInput): void {
    if (this.queue.length > 0) this.flush();
    this.step(input);
    if (this.queue.length > 0) this.flush();
  }

  flush(): void {
    for (let index = 0; index < this.queue.length; index += 1) this.step(this.queue[index]!);
    this.queue.length = 0;
  }

  /** Rings the timers that are due at `nextTimerAt`, in the order in which they were set. */
  ring(): void {
    const at = this.nextTimerAt;
    const due = Object.entries(this.timers).filter(([, time]) => time <= at);
    this.setTimers(Object.fromEntries(Object.entries(this.timers).filter(([, time]) => time > at)));
    for (const [name, time] of due) {
      this.give({ kind: 'timer', at: this.account.now, timer: { name, at: time } });
    }
  }

  /** Throws BacktestError NOT_SAVABLE. */
  save(): SavedDriver {
    if (!this.instance.remembers) {
      throw new BacktestError('NOT_SAVABLE', 'the strategy has no snapshot and restore: run it in one piece');
    }
    return {
      instance: this.instance.save(),
      steps: this.steps,
      timers: this.timers,
      log: this.log.save(),
    };
  }

  private state(): StrategyState | undefined {
    return this.account.state.strategies.get(STRATEGY_ID);
  }

  private step(input: StrategyInput): void {
    if (this.hasNews) this.show();
    // There may be any number of ticks in one millisecond; none of them is the strategy's doing.
    if (this.account.now !== this.instant || input.kind === 'quote' || input.kind === 'trade') {
      this.instant = this.account.now;
      this.inputsAtOnce = 0;
    }
    this.inputsAtOnce += 1;
    if (this.inputsAtOnce > this.most) {
      const text = `the strategy was given ${String(this.most)} inputs at one instant: it answers its own orders without end`;
      throw new BacktestError('STRATEGY_LOOPS', text);
    }
    const effects = this.instance.step(input);
    if (effects.length > 0) this.act(effects);
  }

  private act(effects: readonly StrategyEffect[]): void {
    const { account, log } = this;
    const { now, state } = account;
    const strategy = this.state();
    if (strategy === undefined || !effects.some(isBinding)) {
      for (const effect of effects) {
        if (effect.type === 'log' || effect.type === 'metric') log.tell(effect, now);
      }
      return;
    }
    const step = this.steps + 1;
    const wishes = wishesOf(effects, { state, strategy, step, timers: this.timers, ids: this.ids });
    this.steps = step;
    this.setTimers(wishes.timers);
    // The journal is not kept, so there is nothing to begin again from: what a restart needs is left out.
    const position = { started: true, seq: state.seq, half: null, bars: {}, timers: {} };
    const taken = { strategyId: STRATEGY_ID, step, position, saved: '', refs: wishes.refs };
    account.run({ kind: 'stepStrategy', ...taken }, ACTOR);
    const results = wishes.commands.map((command) => account.run(command, ACTOR));
    const refusals = refusalsOf(wishes, (index) => results[index], now);
    for (const telling of wishes.tellings) log.tell(telling, now);
    for (const telling of refusals.tellings) log.tell(telling, now);
    for (const { input } of refusals.inputs) this.queue.push(input);
  }

  private setTimers(timers: Readonly<Record<string, number>>): void {
    this.timers = timers;
    this.nextTimerAt = Infinity;
    for (const at of Object.values(timers)) this.nextTimerAt = Math.min(this.nextTimerAt, at);
  }

  /** Equity moves with every price, so it is reckoned only when the strategy asks for it. */
  private show(): void {
    const strategy = this.state();
    if (strategy === undefined) return;
    this.hasNews = false;
    const { ctx, state } = this.account;
    if (this.holdings?.shows(strategy.holdings) !== true) {
      this.holdings = new ShownHoldings(strategy.holdings);
    }
    const { cash, orders, positions, realizedPnl } = holdingsOf(state, strategy, this.holdings);
    this.instance.setPortfolio({
      ...{ cash, orders, positions, realizedPnl },
      get equity() {
        const equity = equityOf(state, ctx);
        return equity === null ? null : toNumber(equity);
      },
    });
  }
}
