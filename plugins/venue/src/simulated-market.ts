import { type MarketReplay, STEP_MS } from './market-replay.ts';
import type { SimulatedExchange } from './simulated-exchange.ts';
import type { Session } from './trading-days.ts';

/**
 * Leads an exchange through the replayed market: opens, ticks and closes in the order of time. The
 * same exchange and commands at the same market times give the same messages, however the time
 * between is cut into calls.
 */
export class SimulatedMarket {
  private readonly replay: MarketReplay;
  private readonly exchange: SimulatedExchange;
  /** Those of the replay that the exchange trades. */
  private readonly symbols: readonly string[];
  private at: number;

  /** The exchange has seen everything up to `at`. */
  constructor(replay: MarketReplay, exchange: SimulatedExchange, at: number) {
    this.replay = replay;
    this.exchange = exchange;
    this.symbols = replay.symbols.filter((symbol) => exchange.gridOf(symbol) !== undefined);
    this.at = at;
    this.resume();
  }

  /** Market time: everything up to and including it has happened. */
  get now(): number {
    return this.at;
  }

  /**
   * Lets market time come to `to`, or as far as `maxTicks` steps of the market allow; the answer is how
   * far it came. A caller that is not there yet calls again.
   */
  advance(to: number, maxTicks = Infinity): number {
    let ticks = maxTicks;
    while (this.at < to && ticks > 0) {
      const session = this.replay.days.sessionFrom(this.at);
      if (this.at < session.open) this.untilOpen(session, to);
      else ticks -= this.throughSession(session, to, ticks);
    }
    return this.at;
  }

  /** Continues in the middle of a session. */
  private resume(): void {
    const session = this.replay.days.sessionFrom(this.at);
    for (const symbol of this.symbols) {
      const tick = this.replay.latestTick(symbol, this.at);
      if (tick === undefined) continue;
      const trades = session.open <= this.at && this.replay.barNumber(symbol, session) !== undefined;
      if (trades) this.exchange.resumeSession(symbol, tick);
      else this.exchange.showTick(symbol, tick);
    }
  }

  private untilOpen(session: Session, to: number): void {
    const reached = Math.min(to, session.open);
    this.setTime(reached);
    if (reached < session.open) return;
    for (const symbol of this.symbols) {
      const tick = this.replay.tick(symbol, session, 0);
      if (tick === undefined) continue;
      this.exchange.open(symbol, tick.last);
      this.exchange.tick(symbol, tick);
    }
  }

  /** Plays steps of a session, and its close when it is reached; returns the number of steps. */
  private throughSession(session: Session, to: number, maxTicks: number): number {
    const from = this.replay.stepAt(session, this.at) + 1;
    const last = this.replay.stepAt(session, to);
    const until = Math.min(last, from + Math.min(maxTicks, this.replay.stepsIn(session)) - 1);
    // Within a step the quote stays as orders left it.
    if (from <= until) this.showQuiet(session, until, this.playSteps(session, from, until));
    if (until < last) return until - from + 1;
    if (to < session.close) this.setTime(to);
    else this.close(session);
    return Math.max(1, until - from + 1);
  }

  /** Symbols with live orders see each step; the answer is which of them saw the last one. */
  private playSteps(session: Session, from: number, until: number): ReadonlySet<string> {
    for (let step = from; step <= until; step += 1) {
      const busy = this.symbols.filter((symbol) => !this.exchange.isQuiet(symbol));
      if (busy.length === 0) return new Set();
      this.setTime(session.open + step * STEP_MS);
      for (const symbol of busy) {
        const tick = this.replay.tick(symbol, session, step);
        if (tick !== undefined) this.exchange.tick(symbol, tick);
      }
      if (step === until) return new Set(busy);
    }
    return new Set();
  }

  /** Of a symbol without orders only the latest quote counts. */
  private showQuiet(session: Session, step: number, busy: ReadonlySet<string>): void {
    this.setTime(session.open + step * STEP_MS);
    for (const symbol of this.symbols) {
      const tick = busy.has(symbol) ? undefined : this.replay.tick(symbol, session, step);
      if (tick !== undefined) this.exchange.showTick(symbol, tick);
    }
  }

  private close(session: Session): void {
    this.setTime(session.close);
    for (const symbol of this.symbols) {
      const tick = this.replay.tick(symbol, session, this.replay.stepsIn(session) - 1);
      if (tick !== undefined && this.exchange.isOpen(symbol)) this.exchange.close(symbol, tick.last);
    }
  }

  private setTime(at: number): void {
    this.at = Math.max(this.at, at);
    this.exchange.setTime(this.at);
    for (const symbol of this.symbols) {
      if (!this.exchange.isQuiet(symbol)) this.exchange.expireDated(symbol);
    }
  }
}
