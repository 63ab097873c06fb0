import type { Json } from '@omniquant/plugin-sdk';

import { type BarSession, sessionOf } from '../bar-path.ts';
import type { PlayerSurroundings } from '../symbol-player.ts';
import type { TradedSymbol } from '../traded-symbol.ts';
import type { TickLiquidity } from './tick-liquidity.ts';
import type { TickMarket } from './tick-market.ts';

/** Where a player stands; JSON. */
export interface SavedTickPlayer {
  readonly isOpen: boolean;
  readonly session: BarSession | null;
  readonly liquidity: Json;
}

const NO_SESSION: BarSession = { open: Infinity, close: Number.NEGATIVE_INFINITY };

/**
 * The venue's side of a symbol whose ticks are known, while somebody has orders in it. Ticks come to it by {@link look};
 * between two of them requests arrive and meet the market as it stands, and the session ends.
 *
 *   closed --first price of a session, OPG orders--> open --end of the session, CLS and DAY orders--> closed
 */
export class TickPlayer {
  readonly symbol: TradedSymbol;
  private readonly name: string;
  private readonly market: TickMarket;
  private readonly liquidity: TickLiquidity;
  private readonly around: PlayerSurroundings;
  /** In which the market was opened last. */
  private session = NO_SESSION;

  constructor(market: TickMarket, liquidity: TickLiquidity, around: PlayerSurroundings) {
    this.symbol = market.symbol;
    this.name = market.symbol.symbol;
    this.market = market;
    this.liquidity = liquidity;
    this.around = around;
  }

  /** From now on the market's ticks are what its orders trade with. */
  attach(): void {
    this.market.liquidity = this.liquidity;
  }

  /** Somebody has orders in it from now on: the market is as its ticks have left it. */
  join(at: number): void {
    const { around, market, name, symbol } = this;
    if (!symbol.isTicking) return;
    if (around.isOpen(name) && this.session.close <= at) this.close();
    const session = sessionAt(at, symbol);
    const isRunning = session.open <= at && at < session.close && market.tick.at >= session.open;
    if (isRunning && !around.isOpen(name) && market.auctionPrice() > 0) {
      this.session = session;
      around.resume(name, market.tick);
    } else around.showTick(name, market.tick);
  }

  /** When something happens to it that is no tick; Infinity: nothing does. Requests wait for the session. */
  nextAt(): number {
    if (!this.around.isOpen(this.name)) return Infinity;
    return Math.min(this.around.nextArrival(this.name), this.session.close);
  }

  /** Goes to what {@link nextAt} has told. */
  step(): void {
    const { around, name } = this;
    const arrival = around.nextArrival(name);
    if (this.session.close <= arrival) {
      this.close();
      return;
    }
    around.setTime(arrival);
    around.deliver(name, arrival, false);
  }

  /** The market has moved by a tick. */
  look(at: number): void {
    const { around, market, name } = this;
    around.setTime(at);
    if (around.isOpen(name)) {
      around.tick(name, market.tick);
      return;
    }
    around.showTick(name, market.tick);
    if (!this.opens(at)) return;
    around.deliver(name, at, true);
    around.open(name, market.auctionPrice());
    around.tick(name, market.tick);
    around.deliver(name, at, false);
  }

  save(): SavedTickPlayer {
    const { session } = this;
    return {
      isOpen: this.around.isOpen(this.name),
      session: session === NO_SESSION ? null : session,
      liquidity: this.liquidity.save(),
    };
  }

  restore({ isOpen, liquidity, session }: SavedTickPlayer): void {
    const { around, market, name } = this;
    this.session = session ?? NO_SESSION;
    if (isOpen) around.resume(name, market.tick);
    else if (this.symbol.isTicking) around.showTick(name, market.tick);
    this.liquidity.restore(liquidity);
    this.attach();
  }

  /** Whether a tick is the first of a session that says a price; of one with trades and orders for the open, a trade. */
  private opens(at: number): boolean {
    const { market } = this;
    const session = sessionAt(at, this.symbol);
    if (at < session.open || at >= session.close || market.auctionPrice() === 0) return false;
    const hasTraded = !market.hasTrades || market.tradedAt >= session.open;
    if (!hasTraded && this.around.awaitsOpen(this.name)) return false;
    this.session = session;
    return true;
  }

  private close(): void {
    const { close } = this.session;
    this.around.setTime(close);
    this.around.close(this.name, this.market.auctionPrice(), close);
  }
}

const sessionAt = (at: number, { calendar }: TradedSymbol): BarSession => sessionOf(at, at + 1, calendar);
