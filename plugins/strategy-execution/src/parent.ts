import {
  atTick,
  cancel,
  clearTimer,
  type InstrumentView,
  type Json,
  log,
  metric,
  place,
  type PortfolioView,
  setTimer,
  type StrategyContext,
  type StrategyEffect,
  type StrategyFill,
  type StrategyOrder,
  type StrategyOrderEvent,
  wholeLots,
} from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, min, parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';

import { Children } from './children.ts';
import type { Config } from './config.ts';
import { dueAt, type Schedule, shareOf, sliceAt } from './schedule.ts';

/** Slices left out after refusals: 0, 1, 3, 7 … */
const LONGEST_PAUSE = 31;
const MOST_CROSSES = 5;
const LONGEST_WAIT_MS = 600_000;

type State = {
  readonly phase: 'RUNNING' | 'ENDING' | 'DONE';
  readonly schedule: Schedule;
  /** The slice that is due next. */
  readonly next: number;
  readonly orders: number;
  readonly refusals: number;
  /** Slices that are left out after refusals. */
  readonly pause: number;
  /** How often was waited for the end of orders, and how often the rest was ordered at the end. */
  readonly waits: number;
  readonly crosses: number;
};

/** What {@link Parent.snapshot} gives. */
export type SavedParent = {
  readonly instrument: InstrumentView;
  readonly state: State;
  readonly children: Json;
};

/**
 * A quantity that is worked off in slices.
 *
 *   RUNNING --end--> ENDING: orders are cancelled, their late fills awaited, the rest crossed --> DONE
 *      |                                                                                          ^
 *      +--------------------------------- all executed, or stopped -------------------------------+
 *
 * Never more than the whole: executed + what may still fill + the new order <= quantity. What was executed is
 * the strategy's position, in which every fill of its orders is, however late.
 */
export class Parent {
  private readonly config: Config;
  private readonly instrument: InstrumentView;
  private readonly ctx: StrategyContext;
  private readonly total: Fixed;
  private readonly children = new Children();
  private state: State;

  constructor(config: Config, instrument: InstrumentView, ctx: StrategyContext, schedule: Schedule) {
    this.config = config;
    this.instrument = instrument;
    this.ctx = ctx;
    this.total = wholeLots(parseDecimal(config.quantity), instrument);
    const counts = { next: 0, orders: 0, refusals: 0, pause: 0, waits: 0, crosses: 0 };
    this.state = { phase: 'RUNNING', schedule, ...counts };
  }

  *begin(): Generator<StrategyEffect> {
    yield setTimer('end', this.state.schedule.endAt);
    yield this.slice(0);
  }

  /** Runs the slice of now; `budget` is what the cap on the volume leaves, in units, null without a cap. */
  *onSlice(portfolio: PortfolioView, budget: number | null): Generator<StrategyEffect, Fixed> {
    const { next, pause, phase, schedule } = this.state;
    if (phase !== 'RUNNING') return 0n;
    const now = this.ctx.now();
    const slice = Math.max(next, sliceAt(schedule, now));
    this.state = { ...this.state, next: slice + 1, pause: Math.max(0, pause - 1) };
    if (slice + 1 < schedule.weights.length) yield this.slice(slice + 1);
    this.children.settle(now, this.settleMs);
    if (pause > 0) return 0n;
    const rest = this.available(portfolio);
    const share = rest > 0n ? shareOf(schedule, slice, rest, this.instrument) : 0n;
    const units = budget === null ? share : min(share, wholeLots(budget, this.instrument));
    if (units > 0n) yield this.order(units, 'DAY');
    return units;
  }

  /** Time is over. */
  *onEnd(portfolio: PortfolioView): Generator<StrategyEffect> {
    if (this.state.phase !== 'RUNNING') return;
    this.state = { ...this.state, phase: 'ENDING' };
    yield clearTimer('slice');
    yield* this.cancelOpen(portfolio);
    yield* this.conclude(portfolio);
  }

  /** Orders of before the end have had some time to end. */
  *onSettle(portfolio: PortfolioView): Generator<StrategyEffect> {
    if (this.state.phase !== 'ENDING') return;
    const now = this.ctx.now();
    this.children.settle(now, this.settleMs);
    this.children.endUnseen(portfolio, now);
    if (this.state.crosses === 0) yield* this.cancelOpen(portfolio);
    yield* this.conclude(portfolio);
  }

  *onFill(fill: StrategyFill, portfolio: PortfolioView): Generator<StrategyEffect> {
    this.children.onFill(fill);
    const executed = this.executed(portfolio);
    yield metric('executed', toNumber(executed));
    yield metric('remaining', toNumber(this.total - executed));
    yield metric('progress', toNumber(executed) / toNumber(this.total));
    if (executed > this.total) {
      yield log('ERROR', 'a late fill has brought more than the whole', this.report(portfolio));
    }
    // A fill later than an order may report one: what is open gives way to it.
    let over = -this.available(portfolio);
    for (const { filledQuantity, quantity, ref } of this.children.open(portfolio)) {
      if (over <= 0n) break;
      yield cancel(ref);
      over -= parseDecimal(quantity ?? '0') - parseDecimal(filledQuantity);
    }
    if (executed >= this.total) yield* this.finish(portfolio);
  }

  *onOrderEvent(event: StrategyOrderEvent): Generator<StrategyEffect> {
    const { reason, status } = event;
    if (status === 'FILLED') this.state = { ...this.state, refusals: 0, pause: 0 };
    const isShort = this.children.onOrderEvent(event, this.ctx.now());
    // At the end it is this strategy that cancels.
    const isOwnCancel = status === 'CANCELED' && this.state.phase !== 'RUNNING';
    if (!isShort || isOwnCancel) return;
    const refusals = this.state.refusals + 1;
    const pause = Math.min(2 ** (refusals - 1) - 1, LONGEST_PAUSE);
    this.state = { ...this.state, refusals, pause };
    yield log('WARN', 'an order ended short: its part is spread over those to come', { status, reason });
  }

  *stop(portfolio: PortfolioView): Generator<StrategyEffect> {
    yield* this.cancelOpen(portfolio);
    yield* this.finish(portfolio);
  }

  snapshot(): Json {
    const { instrument, state } = this;
    return { instrument: { ...instrument }, state, children: this.children.snapshot() };
  }

  static restored(config: Config, ctx: StrategyContext, saved: SavedParent): Parent {
    const parent = new Parent(config, saved.instrument, ctx, saved.state.schedule);
    parent.state = saved.state;
    parent.children.restore(saved.children);
    return parent;
  }

  private get settleMs(): number {
    return this.config.settleSeconds * 1_000;
  }

  /** Without a fixed chance no number is drawn. */
  private slice(index: number): StrategyEffect {
    const { jitter } = this.config;
    const delay = jitter > 0 ? jitter * this.ctx.random() : 0;
    return setTimer('slice', dueAt(this.state.schedule, index, delay));
  }

  private executed(portfolio: PortfolioView): Fixed {
    const position = parseDecimal(portfolio.quantity(this.instrument.symbol));
    return this.config.side === 'BUY' ? position : -position;
  }

  /** What may be ordered. Negative once late fills have come to orders whose rest was ordered anew. */
  private available(portfolio: PortfolioView): Fixed {
    return this.total - this.executed(portfolio) - this.children.pending(portfolio);
  }

  private order(units: Fixed, timeInForce: 'DAY' | 'IOC'): StrategyEffect {
    const { limitPrice, side } = this.config;
    const orders = this.state.orders + 1;
    const ref = `${timeInForce === 'DAY' ? 'slice' : 'rest'}-${orders}`;
    this.state = { ...this.state, orders };
    this.children.add(ref, units);
    const order = { ref, symbol: this.instrument.symbol, side, quantity: formatDecimal(units) };
    if (limitPrice === undefined) return place(order);
    const mode = side === 'BUY' ? 'floor' : 'ceil';
    const terms: Partial<StrategyOrder> = {
      type: 'LIMIT',
      limitPrice: atTick(parseDecimal(limitPrice), this.instrument, mode),
      timeInForce,
    };
    return place({ ...order, ...terms });
  }

  private *cancelOpen(portfolio: PortfolioView): Generator<StrategyEffect> {
    for (const { ref } of this.children.open(portfolio)) yield cancel(ref);
  }

  private *conclude(portfolio: PortfolioView): Generator<StrategyEffect> {
    const { crosses, waits } = this.state;
    const rest = this.available(portfolio);
    if (this.children.isEmpty) {
      const isCrossing = this.config.atEnd === 'cross' && rest > 0n;
      if (!isCrossing || crosses >= MOST_CROSSES) {
        yield* this.finish(portfolio);
        return;
      }
      this.state = { ...this.state, crosses: crosses + 1 };
      yield this.order(rest, 'IOC');
    }
    this.state = { ...this.state, waits: waits + 1 };
    const wait = Math.min(this.settleMs * 2 ** Math.min(waits, 10), LONGEST_WAIT_MS);
    yield setTimer('settle', this.ctx.now() + wait);
  }

  private *finish(portfolio: PortfolioView): Generator<StrategyEffect> {
    if (this.state.phase === 'DONE') return;
    this.state = { ...this.state, phase: 'DONE' };
    for (const timer of ['slice', 'end', 'settle']) yield clearTimer(timer);
    const isWhole = this.executed(portfolio) >= this.total;
    yield log(
      isWhole ? 'INFO' : 'WARN',
      isWhole ? 'executed in full' : 'ended with a rest',
      this.report(portfolio),
    );
  }

  private report(portfolio: PortfolioView): Json {
    return { executed: formatDecimal(this.executed(portfolio)), quantity: formatDecimal(this.total) };
  }
}
