import type { MarketReplay } from '@omniquant/venue/market-replay';
import type { SimulatedExchange } from '@omniquant/venue/simulated-exchange';
import { SimulatedMarket } from '@omniquant/venue/simulated-market';

import type { MarketQuote } from '../engine/decide-context.ts';
import type { Arrivals } from './arrivals.ts';
import type { BacktestAccount } from './backtest-account.ts';
import { BacktestError } from './backtest-error.ts';
import type { DoneOrders } from './done-orders.ts';
import type { MarketPlayer } from './market-player.ts';

export interface ReplayPlayerOptions {
  readonly replay: MarketReplay;
  readonly exchange: SimulatedExchange;
  readonly account: BacktestAccount;
  readonly arrivals: Arrivals;
  readonly done: DoneOrders;
  readonly stepMs: number;
  /** The strategy is given what has happened to its orders. */
  readonly flush: () => void;
}

/**
 * The venue's side of a run in a market that is replayed tick by tick, as the simulated venue does for paper trading: the
 * same quotes with their sizes, the same matching. After every tick at which something happened the account and the
 * strategy hear of it, and what they ask of the venue in answer is on its way.
 */
export class ReplayPlayer implements Pick<MarketPlayer, 'playUntil' | 'rest' | 'save' | 'restore'> {
  private readonly options: ReplayPlayerOptions;
  private readonly market: SimulatedMarket;

  constructor(options: ReplayPlayerOptions) {
    const { account, exchange, replay } = options;
    this.options = options;
    exchange.setTime(account.now);
    this.market = new SimulatedMarket(replay, exchange, account.now);
  }

  /** Plays everything up to and including an instant. */
  playUntil(at: number): void {
    const { market } = this;
    const { account, stepMs } = this.options;
    for (;;) {
      const arrival = this.nextArrival();
      if (arrival <= market.now) {
        this.deliver();
        continue;
      }
      if (market.now >= at) return;
      const stepEnd = (Math.floor(market.now / stepMs) + 1) * stepMs;
      market.advance(Math.min(at, arrival, stepEnd), this.isQuiet() ? Infinity : 1);
      account.setTime(market.now);
      const hasNews = this.settle();
      if (hasNews || market.now >= stepEnd) this.lookAtTriggers();
    }
  }

  /** Without orders the market is made up for when the next one comes. */
  rest(): void {
    if (this.options.arrivals.count === 0) this.market.advance(this.options.account.now);
  }

  save(): never {
    throw new BacktestError('NOT_SAVABLE', 'a run in a replayed market is not saved: run it in one piece');
  }

  restore(): never {
    throw new BacktestError('SNAPSHOT_MISMATCH', 'a run in a replayed market is not saved: begin it anew');
  }

  private isQuiet(): boolean {
    const { exchange, replay } = this.options;
    return replay.symbols.every(
      (symbol) => exchange.gridOf(symbol) === undefined || exchange.isQuiet(symbol),
    );
  }

  private nextArrival(): number {
    const { arrivals, replay } = this.options;
    return Math.min(...replay.symbols.map((symbol) => arrivals.firstAt(symbol)));
  }

  private deliver(): void {
    const { account, arrivals, exchange, replay } = this.options;
    for (const arrival of replay.symbols.flatMap((symbol) => arrivals.take(symbol, this.market.now))) {
      const outcome = exchange.execute(arrival.command);
      this.settle();
      account.answer(arrival, outcome);
    }
    this.lookAtTriggers();
  }

  /** Whether there was something to hear. */
  private settle(): boolean {
    const { account, done, exchange, flush } = this.options;
    const output = exchange.drain();
    if (output.orders.length > 0) done.take(output);
    if (output.messages.length === 0) return false;
    account.hear(output);
    flush();
    return true;
  }

  private lookAtTriggers(): void {
    const { account, flush, replay } = this.options;
    for (const symbol of replay.symbols) account.marketMoved(symbol);
    flush();
  }
}

/** What the replayed market quotes at an instant, as the venue tells it. */
export function replayQuotes(
  replay: MarketReplay,
  exchange: SimulatedExchange,
): (symbol: string, at: number) => MarketQuote | undefined {
  return (symbol, at) => {
    const grid = exchange.gridOf(symbol);
    const tick = grid === undefined ? undefined : replay.latestTick(symbol, at);
    if (grid === undefined || tick === undefined) return undefined;
    const price = (ticks: number) => grid.priceFixed(ticks);
    const { at: toldAt, ask, bid, last } = tick;
    return { symbol, at: toldAt, receivedAt: at, bid: price(bid), ask: price(ask), last: price(last) };
  };
}
