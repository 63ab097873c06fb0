import {
  type InstrumentView,
  type Json,
  log,
  type MarketView,
  type PortfolioView,
  type StrategyEffect,
  type StrategyOrderEvent,
  type StrategyView,
  TargetPosition,
} from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Config } from './config.ts';
import { affordable, driftOf, type Holding, holdingOf, type Move, planOf } from './plan.ts';
import type { Weighing } from './weights.ts';

type State = {
  /** Rounds since the last rebalance; null before the first. */
  readonly rounds: number | null;
  /** Units to come to, by symbol, once the sells are done; null while nothing waits. */
  readonly buys: Readonly<Record<string, string>> | null;
  /** Money that the buys have to leave over. */
  readonly reserve: number;
};

/**
 * The holdings, and a rebalance on its way: idle -> selling -> buying -> idle. Buys are sized by the cash that is
 * there when the last sell has ended, however it has ended.
 */
export class Book {
  private readonly config: Config;
  private readonly positions: ReadonlyMap<string, TargetPosition>;
  private state: State = { rounds: null, buys: null, reserve: 0 };

  constructor(symbols: readonly string[], config: Config) {
    this.config = config;
    this.positions = new Map(symbols.map((symbol) => [symbol, new TargetPosition(symbol)]));
  }

  /** Orders that follow from what has been decided; once a bar of `symbol`. */
  *onBar(symbol: string, view: StrategyView, closes: ReadonlyMap<string, number>): Generator<StrategyEffect> {
    const position = this.positions.get(symbol);
    if (position !== undefined) yield* position.onBar(view.portfolio);
    yield* this.buyWhenSold(view, closes);
  }

  /**
   * Rebalances if it is time to. `closes` are those of the round that has just ended; `weigh` is asked with the shares
   * that the symbols have of what is to be invested, and only when its answer counts.
   */
  *onRound(
    weigh: (current: readonly number[]) => Weighing,
    view: StrategyView,
    closes: ReadonlyMap<string, number>,
  ): Generator<StrategyEffect> {
    const { cashBuffer, driftBand, everyBars, minTrade } = this.config;
    const rounds = this.state.rounds === null ? null : this.state.rounds + 1;
    this.state = { ...this.state, rounds };
    const holdings = this.holdings(view, closes);
    if (this.isBusy || this.state.buys !== null || holdings === null) return;
    const total = holdings.reduce((sum, { value }) => sum + value, view.portfolio.cash);
    const isTime = rounds === null || rounds >= everyBars;
    if (!(total > 0) || !(isTime || driftBand > 0)) return;
    const { problem, weights } = weigh(holdings.map(({ value }) => value / (total * (1 - cashBuffer))));
    if (problem !== null) yield log('WARN', 'there are no weights: nothing is traded', { problem });
    if (weights === null) return;
    const drift = driftOf(
      holdings,
      weights.map((weight) => weight * (1 - cashBuffer)),
      total,
    );
    if (!isTime && drift <= driftBand) return;
    this.state = { ...this.state, rounds: 0 };
    const plan = planOf(holdings, weights, total * (1 - cashBuffer), minTrade);
    const sells = plan.sells.filter((move) => this.isFree(move));
    const buys = plan.buys.filter((move) => this.isFree(move));
    if (sells.length + buys.length === 0) return;
    const waiting = Object.fromEntries(buys.map(({ symbol, target }) => [symbol, formatDecimal(target)]));
    this.state = { ...this.state, buys: waiting, reserve: total * cashBuffer };
    yield log('INFO', 'rebalances', { drift, sells: sells.length, buys: buys.length });
    for (const { symbol, target } of sells) yield* this.move(symbol, target, view.portfolio);
    yield* this.buyWhenSold(view, closes);
  }

  *onOrderEvent(
    event: StrategyOrderEvent,
    view: StrategyView,
    closes: ReadonlyMap<string, number>,
  ): Generator<StrategyEffect> {
    const { reason, symbol } = event;
    const position = this.positions.get(symbol);
    const end = position?.hear(event);
    if (end?.how === 'REFUSED') {
      position?.leave();
      yield log('WARN', 'an order was refused: left until the next rebalance', { symbol, reason });
    }
    yield* this.buyWhenSold(view, closes);
  }

  snapshot(): Json {
    const positions = [...this.positions].map(([symbol, position]) => [symbol, position.snapshot()] as const);
    return { state: this.state, positions: Object.fromEntries(positions) };
  }

  restore(snapshot: Json): void {
    const saved = snapshot as { readonly state: State; readonly positions: Readonly<Record<string, Json>> };
    this.state = saved.state;
    for (const [symbol, state] of Object.entries(saved.positions)) this.positions.get(symbol)?.restore(state);
  }

  /** After a refusal a symbol is left alone for some bars. */
  private isFree({ symbol }: Move): boolean {
    return this.positions.get(symbol)?.isPaused === false;
  }

  private get isBusy(): boolean {
    return [...this.positions.values()].some((position) => position.isBusy);
  }

  private *buyWhenSold(view: StrategyView, closes: ReadonlyMap<string, number>): Generator<StrategyEffect> {
    const { buys, reserve } = this.state;
    const holdings = this.holdings(view, closes);
    if (buys === null || this.isBusy || holdings === null) return;
    this.state = { ...this.state, buys: null };
    const wanted = Object.entries(buys).map(([symbol, target]) => ({ symbol, target: parseDecimal(target) }));
    const cash = view.portfolio.cash - reserve;
    for (const { symbol, target } of affordable(wanted, holdings, cash, this.config.minTrade)) {
      yield* this.move(symbol, target, view.portfolio);
    }
  }

  private *move(symbol: string, target: Fixed, portfolio: PortfolioView): Generator<StrategyEffect> {
    const position = this.positions.get(symbol);
    position?.moveTo(target);
    yield* position?.seek(portfolio) ?? [];
  }

  /** Null while a symbol is unknown or has no close. */
  private holdings(
    { market, portfolio }: StrategyView,
    closes: ReadonlyMap<string, number>,
  ): Holding[] | null {
    const holdings: Holding[] = [];
    for (const symbol of this.positions.keys()) {
      const instrument = market.instrument(symbol);
      const close = closes.get(symbol);
      if (instrument === null || close === undefined || !(close > 0)) return null;
      holdings.push(holdingOf(instrument, close, portfolio));
    }
    return holdings;
  }
}

/** Why these symbols make no portfolio; null when they do. */
export function portfolioProblem(symbols: readonly string[], market: MarketView): string | null {
  const known = symbols.map((symbol) => market.instrument(symbol)).filter((one) => one !== null);
  if (known.length < symbols.length) return 'a symbol is unknown';
  const currencies = new Set(known.map(({ currency }: InstrumentView) => currency));
  return currencies.size > 1 ? `the symbols are in several currencies: ${[...currencies].join(', ')}` : null;
}
