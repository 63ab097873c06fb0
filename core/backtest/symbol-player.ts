import type { MarketTick } from '@omniquant/venue/market-tick';
import type { OrderState } from '@omniquant/venue/order-state';

import type { BarLiquidity } from './bar-liquidity.ts';
import { type BarPath, barPath, type BarSession, sessionOf } from './bar-path.ts';
import type { PathRule } from './fills-schema.ts';
import type { TradedSymbol } from './traded-symbol.ts';

/** What a player moves, and who hears of it. */
export interface PlayerSurroundings {
  readonly rule: PathRule;
  isOpen(symbol: string): boolean;
  showTick(symbol: string, tick: MarketTick): void;
  /** The market's price moves: the venue matches, the account reacts. */
  tick(symbol: string, tick: MarketTick): void;
  open(symbol: string, price: number): void;
  /** The market was open already when somebody began to look at it. */
  resume(symbol: string, tick: MarketTick): void;
  close(symbol: string, price: number, at: number): void;
  setTime(at: number): void;
  liveOrders(symbol: string): Iterable<Readonly<OrderState>>;
  /** Triggers that the gateway watches, ticks. */
  heldLevels(symbol: string): readonly number[];
  /** Whether orders wait for the opening auction, at the venue or on their way there. */
  awaitsOpen(symbol: string): boolean;
  /** When the next request is at the venue; Infinity: none is under way. */
  nextArrival(symbol: string): number;
  /** Requests that are there now are carried out; before the opening auction those that are for it. */
  deliver(symbol: string, at: number, isBeforeOpen: boolean): void;
}

/** Where a player stands in its bar; JSON. */
export interface SavedPlayer {
  readonly barAt: number | null;
  readonly corner: number;
  readonly at: number;
  readonly price: number;
  readonly joinedAt: number;
  readonly session: BarSession | null;
  readonly taken: number;
}

const DONE = 4;

/**
 * Leads the market of one symbol through its bars while somebody has orders in it. The price moves evenly in time from
 * corner to corner of the bar's path and stops at every limit and trigger on its way, and where a request arrives:
 *
 *   open -> (levels, arrivals) -> extreme -> ... -> close -> end of the session, if the bar reaches it
 */
export class SymbolPlayer {
  readonly symbol: TradedSymbol;
  private readonly name: string;
  private readonly liquidity: BarLiquidity;
  private readonly around: PlayerSurroundings;
  private path: BarPath | null = null;
  private session: BarSession | null = null;
  /** Start of the bar that is being played. */
  private barAt = NaN;
  /** The next corner; four when the bar has been played. */
  private corner = DONE;
  private at = 0;
  private price = 0;
  private joinedAt = Number.NEGATIVE_INFINITY;
  private stopAt = Infinity;
  private stopPrice = 0;
  private isCorner = false;

  constructor(symbol: TradedSymbol, liquidity: BarLiquidity, around: PlayerSurroundings) {
    this.symbol = symbol;
    this.name = symbol.symbol;
    this.liquidity = liquidity;
    this.around = around;
  }

  /** Somebody has orders in it from now on: what the bar at hand did before is over. */
  join(at: number): void {
    this.joinedAt = at;
    if (this.corner < DONE && this.path !== null && at > this.at) this.comeIn(this.path, at);
  }

  /** When the price stops next; Infinity when the bar has been played, or there is none. */
  nextAt(): number {
    const { market } = this.symbol;
    if (market === null || market.index >= market.block.at.length) return Infinity;
    if (market.startsAt !== this.barAt) this.begin();
    if (this.corner >= DONE || this.path === null) return Infinity;
    if (this.corner === 0) return this.path.times[0]!;
    this.plan(this.path);
    return this.stopAt;
  }

  /** Goes to the stop that {@link nextAt} has told. */
  step(): void {
    const { path } = this;
    if (path === null || this.corner >= DONE) return;
    if (this.corner === 0) {
      this.openBar(path);
    } else {
      const { stopAt, stopPrice } = this;
      if (this.isCorner) this.corner += 1;
      this.moveTo(stopAt, stopPrice, stopPrice !== this.price);
    }
    this.around.deliver(this.name, this.at, false);
    if (this.corner === DONE) this.endBar();
  }

  save(): SavedPlayer {
    const { at, barAt, corner, joinedAt, price, session } = this;
    return {
      barAt: Number.isNaN(barAt) ? null : barAt,
      ...{ corner, at, price, session, taken: this.liquidity.taken },
      joinedAt: Number.isFinite(joinedAt) ? joinedAt : 0,
    };
  }

  restore(saved: SavedPlayer): void {
    const { market } = this.symbol;
    this.joinedAt = saved.joinedAt;
    this.session = saved.session;
    if (saved.barAt !== null && market !== null && market.startsAt === saved.barAt) this.lay(saved.barAt);
    else this.barAt = saved.barAt ?? NaN;
    this.session = saved.session;
    this.corner = saved.corner;
    this.at = saved.at;
    this.price = saved.price;
    this.liquidity.taken = saved.taken;
  }

  private begin(): void {
    const { market } = this.symbol;
    if (market === null) return;
    const before = this.session;
    this.lay(market.startsAt);
    const { path, session } = this;
    if (
      before !== null &&
      session !== null &&
      before.close <= session.open &&
      this.around.isOpen(this.name)
    ) {
      this.around.setTime(before.close);
      this.around.close(this.name, this.symbol.last, before.close);
    }
    this.corner = path === null ? DONE : 0;
    if (path !== null && this.joinedAt > path.times[0]!) this.comeIn(path, this.joinedAt);
  }

  /** Makes the current bar of the series the one to play. */
  private lay(startsAt: number): void {
    const { symbol } = this;
    const { market } = symbol;
    if (market === null) return;
    const { block, endsAt, index } = market;
    const prices = {
      open: symbol.ticks(block.open[index]!),
      high: symbol.ticks(block.high[index]!),
      low: symbol.ticks(block.low[index]!),
      close: symbol.ticks(block.close[index]!),
    };
    this.barAt = startsAt;
    this.session = sessionOf(startsAt, endsAt, symbol.calendar);
    this.path = barPath(prices, startsAt, endsAt, this.session, this.around.rule);
    this.liquidity.beginBar(symbol.volumeOf(block.volume[index]!), prices.high - prices.low);
  }

  /** In the middle of a bar: nothing of the path up to here concerns anybody. */
  private comeIn(path: BarPath, at: number): void {
    const next = path.times.findIndex((time) => time > at);
    if (next < 0) {
      this.corner = DONE;
      return;
    }
    if (next === 0) return;
    this.corner = next;
    this.at = at;
    this.price = priceAt(path, next, at);
    this.symbol.last = this.price;
    this.symbol.lastAt = Math.floor(at);
    this.around.resume(this.name, this.tick());
  }

  private openBar(path: BarPath): void {
    const { around, name } = this;
    this.corner = 1;
    this.at = path.times[0]!;
    around.setTime(this.at);
    if (!around.isOpen(name)) {
      if (this.symbol.last > 0) around.showTick(name, { ...this.tick(), last: this.symbol.last });
      around.deliver(name, this.at, true);
      around.open(name, path.prices[0]!);
    }
    this.liquidity.isOpening = true;
    this.moveTo(this.at, path.prices[0]!, true);
    this.liquidity.isOpening = false;
  }

  private endBar(): void {
    const { around, name, session } = this;
    const { market } = this.symbol;
    if (session === null || market === null || market.endsAt < session.close || !around.isOpen(name)) return;
    around.setTime(session.close);
    around.close(name, this.price, session.close);
  }

  private moveTo(at: number, price: number, isTick: boolean): void {
    this.at = at;
    this.price = price;
    this.symbol.last = price;
    this.symbol.lastAt = Math.floor(at);
    this.around.setTime(at);
    if (isTick) this.around.tick(this.name, this.tick());
  }

  /** Finds the next stop: the corner, or a level or an arrival before it. */
  private plan(path: BarPath): void {
    const cornerAt = path.times[this.corner]!;
    const cornerPrice = path.prices[this.corner]!;
    const level = this.nearestLevel(cornerPrice);
    const arrival = this.around.nextArrival(this.name);
    this.isCorner = false;
    if (arrival <= cornerAt) {
      this.stopAt = Math.max(arrival, this.at);
      this.stopPrice = priceAt(path, this.corner, this.stopAt, this.at, this.price);
      if (level === null || Math.abs(level - this.price) > Math.abs(this.stopPrice - this.price)) return;
    }
    if (level === null) {
      this.stopAt = cornerAt;
      this.stopPrice = cornerPrice;
      this.isCorner = true;
      return;
    }
    const way = (level - this.price) / (cornerPrice - this.price);
    this.stopAt = Math.min(this.at + Math.floor((cornerAt - this.at) * way), arrival, cornerAt);
    this.stopAt = Math.max(this.stopAt, this.at);
    this.stopPrice = level;
  }

  /** The first limit or trigger on the way to a price, that price not included. */
  private nearestLevel(target: number): number | null {
    const { price } = this;
    let nearest: number | null = null;
    const consider = (level: number | null): void => {
      if (level === null) return;
      const isOnTheWay = target > price ? level > price && level < target : level < price && level > target;
      if (isOnTheWay && (nearest === null || Math.abs(level - price) < Math.abs(nearest - price))) {
        nearest = level;
      }
    };
    for (const { limit, status, stop } of this.around.liveOrders(this.name)) {
      consider(stop !== null && status !== 'TRIGGERED' ? stop : limit);
    }
    for (const level of this.around.heldLevels(this.name)) consider(level);
    return nearest;
  }

  private tick(): MarketTick {
    const { at, price } = this;
    return { at, last: price, volume: 0, bid: price, ask: price, bidSize: 0, askSize: 0 };
  }
}

/** The price on the way to a corner, from the corner before it or from where the path stands. */
const priceAt = (
  path: BarPath,
  corner: number,
  at: number,
  fromAt = path.times[corner - 1]!,
  fromPrice = path.prices[corner - 1]!,
): number => {
  const [toAt, toPrice] = [path.times[corner]!, path.prices[corner]!];
  if (toAt <= fromAt) return toPrice;
  return fromPrice + Math.round(((toPrice - fromPrice) * (at - fromAt)) / (toAt - fromAt));
};
