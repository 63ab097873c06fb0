import type { StrategyInputs } from '@omniquant/plugin-sdk';

import type { AccountWatch } from '../account-watch.ts';
import type { TickSeries } from '../tick-source.ts';
import type { TradingFloor } from '../trading-floor.ts';
import type { TickFeed } from './tick-feed.ts';
import type { TickLane } from './tick-lane.ts';
import { NEWS } from './tick-market.ts';

/**
 * The ticks of a run, one by one, and what happens between them: requests arrive, answers come back, timers ring, each at
 * its own time, and the strategy hears of it there and then.
 */
export class TickRun {
  readonly feed: TickFeed;
  /** Rows that were taken. */
  rows = 0;
  private readonly wanted: Pick<StrategyInputs, 'quotes' | 'trades'>;
  private readonly watch: AccountWatch;

  /** @param wanted What the strategy is given. */
  constructor(feed: TickFeed, wanted: Pick<StrategyInputs, 'quotes' | 'trades'>, watch: AccountWatch) {
    this.feed = feed;
    this.wanted = wanted;
    this.watch = watch;
  }

  /** The row is of before the start: the market takes it, and nobody is told. */
  warm(lane: TickLane): void {
    lane.take();
    this.pass();
  }

  /** Goes past rows of before a restart; null when that is done, else the series whose blocks are missing. */
  skip(taken: readonly number[]): TickSeries | null {
    const missing = this.feed.skip(taken);
    this.rows = this.feed.lanes.reduce((sum, lane) => sum + lane.taken, 0);
    return missing;
  }

  /** Everything that happens before and at an instant by itself. */
  reach(floor: TradingFloor, at: number): void {
    const { account, driver, market } = floor;
    for (;;) {
      const timer = driver.nextTimerAt;
      const until = timer < at ? Math.max(timer, account.exactNow) : at;
      if (account.busy.size > 0) market.playUntil(until, heardBy(floor));
      else market.rest();
      // What it has heard may have made the strategy set an earlier one.
      if (driver.nextTimerAt < timer && driver.nextTimerAt < at) continue;
      account.setTime(until);
      if (timer >= at) return;
      driver.ring();
      this.settle(floor);
    }
  }

  /** What was asked for and takes no time is there at once, and so is what follows from it. */
  settle(floor: TradingFloor): void {
    const { account, arrivals, driver, market } = floor;
    driver.flush();
    if (arrivals.count > 0) market.playUntil(account.exactNow, heardBy(floor));
  }

  /** The next row, to which the run has come. */
  take(floor: TradingFloor, lane: TickLane): void {
    const { account, driver } = floor;
    const { endsAt: at, market } = lane;
    account.setTime(at);
    const news = lane.take();
    this.pass();
    if (news === NEWS.NONE) return;
    if ((news & NEWS.GAP) !== 0) this.tellGap(floor, lane);
    if ((news & NEWS.MOVED) !== 0) {
      if (account.busy.has(market.symbol.symbol)) floor.ticks?.look(market.symbol.symbol, at);
      market.liquidity?.tradeOver();
    }
    if ((news & NEWS.PRICED) !== 0) this.watch.look(floor, account.now);
    driver.flush();
    const { wanted } = this;
    if (wanted.trades === true && (news & NEWS.TRADE) !== 0) {
      driver.give({ kind: 'trade', at: account.now, trade: market.trade() });
    }
    if (wanted.quotes === true && (news & NEWS.QUOTE) !== 0) {
      driver.give({ kind: 'quote', at: account.now, quote: market.quote() });
    }
    this.settle(floor);
  }

  private pass(): void {
    this.feed.pass();
    this.rows += 1;
  }

  private tellGap({ account, driver }: TradingFloor, { series }: TickLane): void {
    const message = `messages of the ${series.kind} of ${series.symbol} are missing: it trades again with the next snapshot`;
    driver.log.tell({ type: 'log', level: 'WARN', message, data: null }, account.now);
  }
}

/** The strategy hears what is there, and says when its next timer is due. */
const heardBy =
  ({ driver }: TradingFloor): (() => number) =>
  () => {
    driver.flush();
    return driver.nextTimerAt;
  };
