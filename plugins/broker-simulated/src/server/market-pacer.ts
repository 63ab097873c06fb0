import type { VenueClock } from '@omniquant/plugin-sdk';
import { advanceMarketTime } from '@omniquant/venue/market-time';
import type { TradingDays } from '@omniquant/venue/trading-days';

/** Market time does not catch up on a longer pause of the process than this, ms. */
const LONGEST_PAUSE_MS = 5_000;

/** How long before it is told a market time has to be on disk, so that a restart is never behind it. */
const AHEAD_MS = 2_000;

/** Turns the time of the wall into time of the market. */
export class MarketPacer {
  private readonly days: TradingDays;
  private readonly wallNow: () => number;
  private lastWall: number;
  private at: number;
  private pace: number;
  /** Time stands still: a test or a lockstep moves it. */
  isHeld = false;

  /** @param wallNow Monotonic, ms. */
  constructor(days: TradingDays, at: number, speed: number, wallNow: () => number) {
    this.days = days;
    this.at = at;
    this.pace = speed;
    this.wallNow = wallNow;
    this.lastWall = wallNow();
  }

  get speed(): number {
    return this.pace;
  }

  /** Market seconds per second from now on. */
  setSpeed(speed: number): void {
    this.due();
    this.pace = speed;
  }

  /** What the market's clock is due to show. */
  due(): number {
    const wall = this.wallNow();
    const elapsed = Math.min(wall - this.lastWall, LONGEST_PAUSE_MS);
    this.lastWall = wall;
    if (!this.isHeld) this.at = advanceMarketTime(this.days, this.at, elapsed * this.pace);
    return Math.floor(this.at);
  }

  /** The market came only so far, or was moved by hand. */
  set(at: number): void {
    this.at = at;
  }

  /** A time that the market will not reach within the next moments. */
  bound(at: number): number {
    return Math.ceil(advanceMarketTime(this.days, at, AHEAD_MS * this.pace));
  }

  clock(at: number): VenueClock {
    return { at, replayed: true, speed: this.pace };
  }
}
