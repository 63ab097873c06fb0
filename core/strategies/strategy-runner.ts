import type { StrategyEffect } from '@omniquant/plugin-sdk';
import type { SavedStrategy } from '@omniquant/plugin-sdk/strategy-instance';

import type { JournaledEvent } from '../engine/account-event.ts';
import type { ClientCommand } from '../engine/command.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import {
  type HostedStep,
  type HostedStrategy,
  HostedStrategyError,
  type StrategyHost,
} from '../ports/strategy-host.ts';
import type { AccountActor } from '../runtime/account-actor.ts';
import type { CommandReply } from '../runtime/command-reply.ts';
import { pause, withDeadline } from '../runtime/deadline.ts';
import type { MarketData } from '../runtime/market-data.ts';
import { barsBefore } from './bar-series.ts';
import { isBinding, type StepWishes, type Telling, wishesOf } from './effect-commands.ts';
import { InputQueue } from './input-queue.ts';
import { instrumentViews } from './instrument-views.ts';
import { orderInputsOf } from './order-inputs.ts';
import { portfolioOf } from './portfolio-of.ts';
import { StepCommit, StrategyGone } from './step-commit.ts';
import { refusalsOf } from './step-refusals.ts';
import type { StrategyPosition } from './strategy-event.ts';
import { advance } from './strategy-position.ts';
import type { StrategySettings } from './strategy-settings.ts';
import { openSources, type Sources } from './strategy-sources.ts';
import { isRunning, type StrategyState } from './strategy-state.ts';

export interface StrategyRunOptions {
  readonly actor: AccountActor;
  readonly strategyId: string;
  readonly host: StrategyHost;
  readonly market: MarketData;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly failpoints: Failpoints;
  readonly settings: StrategySettings;
  readonly journal: (afterSeq: number) => AsyncIterable<readonly JournaledEvent[]>;
  /** What the strategy logs and measures, and what of its wishes could not be done. */
  readonly tell: (telling: Telling) => void;
  readonly signal: AbortSignal;
}

/** How long a portfolio may take to be read, ms. */
const VIEW_TIMEOUT_MS = 10_000;
/** Longest wait for the first quotes, ms: a market that is closed has none. */
const QUOTES_WITHIN_MS = 5_000;

/**
 * One life of a strategy, from its start or from what was last saved to its end or its failure.
 *
 *   inputs -> host -> effects -> one commit (step, snapshot, position, orders) -> broker
 *
 * Inputs without effects are not committed one by one: after a crash they are given again from the last
 * saved position, and have no effects again. An input with effects is committed before anything of it is
 * done; a crash before that gives it again, a crash after does not.
 */
export class StrategyRun {
  private readonly options: StrategyRunOptions;
  private readonly commits: StepCommit;
  private readonly queue: InputQueue;
  private sources: Sources | null = null;
  private position!: StrategyPosition;
  private step = 0;
  private inputsSince = 0;
  private savedAt = 0;
  /** Something has been committed since the strategy was last shown its portfolio. */
  private hasNews = true;
  private death: HostedStrategyError | null = null;

  constructor(options: StrategyRunOptions) {
    this.options = options;
    this.commits = new StepCommit(options);
    this.queue = new InputQueue(options.settings.queue);
  }

  /** Resolves when it has been stopped. Throws StrategyGone, or whatever it fails with. */
  async live(): Promise<void> {
    const { clock, host, settings, signal } = this.options;
    const strategy = await this.commits.current();
    if (!isRunning(strategy)) return;
    this.position = strategy.position;
    this.step = strategy.step;
    this.savedAt = clock.monotonic();
    const saved = strategy.saved === null ? null : (JSON.parse(strategy.saved) as SavedStrategy);
    const hosted = await withDeadline(
      clock,
      settings.openTimeoutMs,
      'the start of a strategy',
      (aborted) =>
        host.open(
          {
            owner: { workspaceId: this.options.actor.entry.workspaceId, accountId: this.accountId },
            terms: strategy.terms,
            instruments: instrumentViews(this.options.market, strategy.terms.symbols),
            saved,
          },
          aborted,
        ),
      signal,
    );
    hosted.died.catch((error: unknown) => {
      this.death = error as HostedStrategyError;
      this.queue.nudge();
    });
    try {
      await this.prepare(hosted, strategy);
      await this.loop(hosted);
    } finally {
      this.sources?.close();
      await hosted.close();
    }
  }

  /** What the account has just committed. */
  committed(events: readonly JournaledEvent[]): void {
    this.hasNews = true;
    this.sources?.committed(events);
    this.queue.nudge();
  }

  /** The account was read again from its journal. */
  reopened(): void {
    this.sources?.reopened();
    this.committed([]);
  }

  /** Has it look whether it is to end. */
  nudge(): void {
    this.queue.nudge();
  }

  /** It has been given all that there is, and rests. */
  get isIdle(): boolean {
    return this.queue.isIdle;
  }

  private get accountId(): string {
    return this.options.actor.entry.accountId;
  }

  private async prepare(hosted: HostedStrategy, { terms }: StrategyState): Promise<void> {
    const { actor, clock, journal, market, signal } = this.options;
    this.sources = openSources({
      ...{ terms, market, clock, journal, queue: this.queue, wanted: hosted.inputs },
      orderInputs: (events) => {
        const strategy = actor.state?.strategies.get(terms.strategyId);
        if (actor.state === null || strategy === undefined) return null;
        return orderInputsOf(actor.state, strategy, events);
      },
    });
    const { started, bars } = this.position;
    if (!started || !hosted.remembers) {
      const { series } = this.sources;
      const before = await barsBefore(market, series, hosted.inputs.warmup, started ? bars : {}, signal);
      await hosted.warm(before.map(({ bar }) => bar));
      if (!started) {
        const last = Object.fromEntries(before.map((closed) => [closed.series, closed.bar.at]));
        this.position = { ...this.position, bars: { ...last, ...bars } };
      }
    }
    if (!started) this.queue.add({ input: { kind: 'start', at: market.clock().at } });
    await this.quotesArrived(terms.symbols);
    await this.sources.catchUp(this.position, signal);
  }

  /** Right after a start there are no prices yet, and whatever it wishes would be denied. */
  private async quotesArrived(symbols: readonly string[]): Promise<void> {
    const { clock, market, signal } = this.options;
    const until = clock.monotonic() + QUOTES_WITHIN_MS;
    const isMissing = (symbol: string): boolean => market.quote(symbol) === undefined;
    while (symbols.some(isMissing) && clock.monotonic() < until && !signal.aborted) {
      await pause(clock, 100, signal);
    }
  }

  private async loop(hosted: HostedStrategy): Promise<void> {
    const { settings, signal } = this.options;
    for (;;) {
      await this.queue.whenFilled();
      if (this.death !== null) throw this.death;
      const strategy = await this.commits.current();
      if (signal.aborted) throw new StrategyGone();
      if (!isRunning(strategy)) return;
      if (this.queue.overflowed) {
        throw new HostedStrategyError(
          'STRATEGY_TOO_SLOW',
          `more than ${String(settings.queue)} inputs waited for it`,
        );
      }
      if (strategy.status === 'STOPPING') {
        await this.finish(hosted, strategy);
        return;
      }
      await this.takeSome(hosted);
    }
  }

  private async takeSome(hosted: HostedStrategy): Promise<void> {
    // Its start is a step of its own, committed whatever it wishes: from then on it runs.
    const isBeginning = !this.position.started;
    const batch = this.queue.take(isBeginning ? 1 : this.options.settings.batch);
    if (batch.length === 0) return;
    const portfolio = await this.portfolio();
    const inputs = batch.map(({ input }) => input);
    const save = isBeginning || this.isSaveDue(batch.length);
    const outcome = await hosted.run(inputs, portfolio, save);
    const taken = batch.slice(0, outcome.taken);
    this.queue.putBack(batch.slice(outcome.taken));
    this.position = advance(this.position, taken);
    this.inputsSince += taken.length;
    if (outcome.saved !== null && (outcome.effects.some(isBinding) || save)) {
      await this.commit(outcome, []);
    } else {
      for (const effect of outcome.effects) this.tellIfTelling(effect);
    }
  }

  private isSaveDue(more: number): boolean {
    const { checkpointInputs, checkpointMs } = this.options.settings;
    const inputs = this.inputsSince + more;
    if (inputs === 0) return false;
    return inputs >= checkpointInputs || this.options.clock.monotonic() - this.savedAt >= checkpointMs;
  }

  /** Null: it is as it was when it was last asked for. */
  private async portfolio(): ReturnType<typeof this.readPortfolio> {
    if (!this.hasNews) return null;
    this.hasNews = false;
    return await this.readPortfolio();
  }

  private async readPortfolio() {
    const { actor, clock, strategyId } = this.options;
    await this.commits.current();
    return await actor.read((state, ctx) => {
      const strategy = state.strategies.get(strategyId);
      return strategy === undefined ? null : portfolioOf(state, strategy, ctx);
    }, clock.now() + VIEW_TIMEOUT_MS);
  }

  /** Everything that the strategy wished in its last step, and its end, in one commit. */
  private async finish(hosted: HostedStrategy, { cancelOpenOrders, terms }: StrategyState): Promise<void> {
    const at = this.options.market.clock().at;
    const outcome = await hosted.run([{ kind: 'stop', at }], await this.readPortfolio(), true);
    const { strategyId } = terms;
    const end: ClientCommand = { kind: 'endStrategy', strategyId, status: 'STOPPED', error: null };
    await this.commit(outcome, [end], cancelOpenOrders);
  }

  private async commit(
    { effects, saved }: HostedStep,
    after: readonly ClientCommand[],
    cancelFirst = false,
  ): Promise<void> {
    const { actor, clock, ids, strategyId } = this.options;
    const strategy = await this.commits.current();
    const { state } = actor;
    if (state === null) throw new StrategyGone();
    const step = this.step + 1;
    const { timers } = this.position;
    const wishes = wishesOf(effects, { state, strategy, step, timers, ids }, cancelFirst);
    const position = { ...this.position, timers: wishes.timers };
    const replies = await this.commits.commit([
      { kind: 'stepStrategy', strategyId, step, position, saved: saved?.() ?? 'null', refs: wishes.refs },
      ...wishes.commands,
      ...after,
    ]);
    this.step = step;
    this.position = position;
    this.inputsSince = 0;
    this.savedAt = clock.monotonic();
    this.hasNews = true;
    this.sources?.setTimers(position.timers);
    this.hear(wishes, replies);
  }

  /** What was refused without leaving a trace in the journal is told to the strategy here. */
  private hear(wishes: StepWishes, replies: readonly CommandReply[] | null): void {
    const { at } = this.options.market.clock();
    const refusals = refusalsOf(wishes, (index) => replies?.[index + 1]?.result, at);
    [...wishes.tellings, ...refusals.tellings].forEach(this.options.tell);
    for (const item of refusals.inputs) this.queue.add(item);
  }

  private tellIfTelling(effect: StrategyEffect): void {
    if (effect.type === 'log' || effect.type === 'metric') this.options.tell(effect);
  }
}
