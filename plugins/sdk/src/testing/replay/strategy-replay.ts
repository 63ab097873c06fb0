import { formatDecimal, mulDiv, ONE, toNumber } from '../../decimal.ts';
import type { StrategyDefinition, StrategyRun } from '../../strategy.ts';
import type { StrategyEffect } from '../../strategy-effects.ts';
import type { Bar } from '../../strategy-inputs.ts';
import {
  type Optimizers,
  type SavedStrategy,
  type StrategyInput,
  StrategyInstance,
} from '../../strategy-instance.ts';
import type { PortfolioData } from '../../strategy-view.ts';
import { ReplayError } from '../replay-error.ts';
import type {
  ReplayedEffect,
  ReplayedFill,
  ReplayedLog,
  ReplayedMetric,
  ReplayedOrder,
  ReplayProblem,
  ReplayResult,
} from '../replay-result.ts';
import { PaperAccount } from './account.ts';
import { BarVenue } from './bar-venue.ts';
import { isOpen, orderView, type PaperOrder, textOrNull } from './order.ts';
import { OrderDesk } from './order-desk.ts';
import { OrderList } from './order-list.ts';
import type { ReplaySettings } from './settings.ts';
import { type EquitySample, hashOf, statisticsOf } from './statistics.ts';
import type { Moment, Timeline } from './timeline.ts';
import { Timers } from './timers.ts';

/** Inputs that a strategy may be given while market time stands still. */
const MOST_INPUTS_AT_ONCE = 10_000;

/** What looks into a replay, or disturbs it: for the conformance kit. */
export interface ReplayProbe {
  /** Runs all code of the strategy. */
  readonly guard?: <T>(work: () => T) => T;
  /** Asked after each input; answers with the instance that goes on. */
  readonly afterInput?: (instance: StrategyInstance, given: readonly Bar[]) => StrategyInstance;
  /** After all that one instant brought. `effects`: those since the one before, without logs and metrics. */
  readonly afterMoment?: (instance: StrategyInstance, effects: number, at: number) => void;
  /** An order that is none, or of a symbol that the strategy was not given. */
  readonly malformed?: (message: string) => void;
}

export interface StrategyReplayOptions {
  readonly definition: StrategyDefinition;
  readonly config: unknown;
  readonly run: StrategyRun;
  readonly seed: string;
  readonly optimizers: Optimizers;
  readonly settings: ReplaySettings;
  readonly timeline: Timeline;
  readonly probe: ReplayProbe;
}

const isBinding = ({ type }: StrategyEffect): boolean => type !== 'log' && type !== 'metric';

/**
 * One run of a strategy. An instant goes by like this:
 *
 *   timers due before it -> orders meet the bars that ended: fills and order events, fill first
 *                        -> the bars -> what became of orders placed meanwhile -> timers due at it
 *
 * Inputs wait in one queue; what an input leads to stands at its end. The portfolio is shown as it is when the
 * input is given.
 */
export class StrategyReplay {
  readonly orders: OrderList;
  readonly account: PaperAccount;
  readonly fills: ReplayedFill[] = [];
  readonly effects: ReplayedEffect[] = [];
  private readonly options: StrategyReplayOptions;
  private readonly logs: ReplayedLog[] = [];
  private readonly metrics: ReplayedMetric[] = [];
  private readonly problems: ReplayProblem[] = [];
  private readonly samples: EquitySample[] = [];
  private readonly queue: StrategyInput[] = [];
  private readonly given: Bar[] = [];
  private readonly timers = new Timers();
  private readonly desk: OrderDesk;
  private readonly venue: BarVenue;
  private instance: StrategyInstance;
  private now: number;
  private step = 0;
  private inputsAtOnce = 0;
  private bindingSince = 0;

  constructor(options: StrategyReplayOptions) {
    this.options = options;
    const { probe, settings, timeline } = options;
    const tell = (input: StrategyInput): void => void this.queue.push(input);
    const multipliers = [...settings.instruments].map(
      ([symbol, terms]) => [symbol, terms.multiplier] as const,
    );
    const account = new PaperAccount(settings.startingCash, new Map(multipliers));
    const orders = new OrderList(tell);
    const problem = (message: string): void => void this.problems.push({ at: this.now, message });
    const malformed = (message: string): void => {
      problem(message);
      probe.malformed?.(message);
    };
    this.account = account;
    this.orders = orders;
    this.desk = new OrderDesk({ orders, account, settings, problem, malformed });
    this.venue = new BarVenue({ orders, account, settings, fills: this.fills, tell });
    this.now = timeline.startsAt;
    this.instance = this.open(null);
  }

  get startsAt(): number {
    return this.options.timeline.startsAt;
  }

  get moments(): readonly Moment[] {
    return this.options.timeline.moments;
  }

  /** From the warm-up to the last bar. */
  play(): void {
    const { moments, startsAt, warmup } = this.options.timeline;
    for (const bar of warmup) {
      this.given.push(bar);
      this.guard(() => {
        this.instance.warm(bar);
      });
    }
    this.sample(startsAt);
    this.queue.push({ kind: 'start', at: startsAt });
    this.drain();
    for (const moment of moments) this.pass(moment);
  }

  /** Calls `onStop`; what it yields is done, and nobody is told of it any more. */
  stop(): void {
    this.give({ kind: 'stop', at: this.now });
    this.queue.length = 0;
  }

  /** Lets orders meet further bars without the strategy: what a stopped one has left behind. */
  meet({ bars, endsAt }: Moment): void {
    for (const bar of bars) this.trade(bar, endsAt);
    this.queue.length = 0;
  }

  /** A new instance from what was saved, or one that begins. */
  open(saved: SavedStrategy | null): StrategyInstance {
    const { config, definition, optimizers, run, seed, settings } = this.options;
    const instruments = [...settings.instruments.values()].map(({ view }) => view);
    const options = { definition, config, run, seed, instruments, optimizers, saved };
    return this.guard(() => new StrategyInstance(options));
  }

  result(): ReplayResult {
    const orders = this.orders.all.map(replayedOrder);
    const { account, effects, fills, logs, metrics, problems, samples } = this;
    const hash = hashOf(orders, fills);
    return {
      orders,
      fills,
      effects,
      logs,
      metrics,
      problems,
      statistics: statisticsOf(account, samples),
      hash,
    };
  }

  private guard<T>(work: () => T): T {
    const { guard } = this.options.probe;
    return guard === undefined ? work() : guard(work);
  }

  private pass({ bars, endsAt }: Moment): void {
    this.ring(endsAt, false);
    this.arrive(endsAt);
    for (const bar of bars) this.trade(bar, endsAt);
    for (const bar of bars) this.queue.push({ kind: 'bar', at: endsAt, bar });
    this.drain();
    this.ring(endsAt, true);
    this.sample(endsAt);
    this.options.probe.afterMoment?.(this.instance, this.bindingSince, endsAt);
    this.bindingSince = 0;
  }

  private trade(bar: Bar, endsAt: number): void {
    if (this.options.timeline.traded.get(bar.symbol) === bar.interval) this.venue.trade(bar, endsAt);
  }

  private ring(until: number, inclusive: boolean): void {
    for (
      let due = this.timers.next(until, inclusive);
      due !== null;
      due = this.timers.next(until, inclusive)
    ) {
      const { at, name, rings } = due;
      this.arrive(rings);
      this.queue.push({ kind: 'timer', at: rings, timer: { name, at } });
      this.drain();
    }
  }

  private arrive(at: number): void {
    if (at <= this.now) return;
    this.now = at;
    this.inputsAtOnce = 0;
  }

  private drain(): void {
    for (let input = this.queue.shift(); input !== undefined; input = this.queue.shift()) {
      this.inputsAtOnce += 1;
      if (this.inputsAtOnce > MOST_INPUTS_AT_ONCE) {
        const count = String(MOST_INPUTS_AT_ONCE);
        throw new ReplayError('REPLAY_ENDLESS', `more than ${count} inputs while market time stood still`);
      }
      this.give(input);
      const { afterInput } = this.options.probe;
      if (afterInput !== undefined) this.instance = afterInput(this.instance, this.given);
    }
  }

  private give(input: StrategyInput): void {
    this.instance.setPortfolio(this.portfolio());
    const effects = this.guard(() => this.instance.step(input));
    if (input.kind === 'bar') this.given.push(input.bar);
    if (effects.some(isBinding)) this.step += 1;
    effects.forEach((effect, index) => {
      this.effects.push({ at: this.now, on: input.kind, effect });
      this.take(effect, index);
    });
  }

  private take(effect: StrategyEffect, index: number): void {
    if (isBinding(effect)) this.bindingSince += 1;
    switch (effect.type) {
      case 'log':
        this.logs.push({ at: this.now, level: effect.level, message: effect.message, data: effect.data });
        return;
      case 'metric':
        this.metrics.push({ at: this.now, name: effect.name, value: effect.value });
        return;
      case 'setTimer':
        this.timers.set(effect.name, effect.at, this.now);
        return;
      case 'clearTimer':
        this.timers.clear(effect.name);
        return;
      default:
        this.desk.take(effect, `${String(this.step)}.${String(index)}`, this.now);
    }
  }

  private portfolio(): PortfolioData {
    const { account, orders } = this;
    const held = [...account.holdings].filter(([, { quantity }]) => quantity !== 0n);
    return {
      positions: held.map(([symbol, { cost, multiplier, quantity }]) => ({
        symbol,
        quantity: formatDecimal(quantity),
        averagePrice: toNumber(mulDiv(mulDiv(cost, ONE, quantity), ONE, multiplier)),
      })),
      orders: orders.open.map(orderView),
      realizedPnl: toNumber(account.realized),
      cash: toNumber(account.cash),
      equity: toNumber(account.equity),
    };
  }

  private sample(at: number): void {
    const { equity, isInvested } = this.account;
    this.samples.push({ at, equity, isInvested });
  }
}

const replayedOrder = (order: PaperOrder): ReplayedOrder => {
  const { endedAt, filled, placedAt, reason, timeInForce, turnover } = order;
  const { filledQuantity, limitPrice, quantity, ref, side, status, stopPrice, symbol, type } =
    orderView(order);
  return {
    ...{ ref, symbol, side, type, timeInForce, quantity, filledQuantity },
    averagePrice: filled === 0n ? null : textOrNull(mulDiv(turnover, ONE, filled)),
    ...{ limitPrice, stopPrice, status, reason, placedAt, endedAt: isOpen(order) ? null : endedAt },
  };
};
