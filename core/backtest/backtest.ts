import type { Json } from '@omniquant/plugin-sdk';
import { wantedInputs } from '@omniquant/plugin-sdk/strategy-instance';

import { calendarOf } from '../market/calendars.ts';
import { AccountWatch } from './account-watch.ts';
import type { BacktestFailure, BacktestResult } from './backtest-result.ts';
import type { BacktestProgress, BacktestRun } from './backtest-run.ts';
import { type BacktestSnapshot, checkSnapshot, settingsText, SNAPSHOT_SCHEMA } from './backtest-snapshot.ts';
import type { BacktestSpec } from './backtest-spec.ts';
import { BarFeed } from './bar-feed.ts';
import type { BacktestData } from './bar-source.ts';
import { beginDay } from './begin-day.ts';
import { checkSpec } from './check-spec.ts';
import { failureOf } from './failure.ts';
import { saveFloor } from './floor-snapshot.ts';
import { openFloor } from './open-floor.ts';
import { resultOf } from './result-of.ts';
import { endOfRun, progressOf } from './run-progress.ts';
import { SeriesCursor } from './series-cursor.ts';
import { checkFillData } from './ticks/check-fill-data.ts';
import { TickFeed, tickKinds } from './ticks/tick-feed.ts';
import { TickLane } from './ticks/tick-lane.ts';
import { TickRun } from './ticks/tick-run.ts';
import { type TradedSymbol, tradedSymbols } from './traded-symbol.ts';
import type { TradingFloor } from './trading-floor.ts';
import { Warmup } from './warmup.ts';

/**
 * A strategy on history: the order of events is in README.md.
 *
 *   WARMUP --start--> RUNNING --end of the bars--> COMPLETED
 *                        \--error of the strategy--> FAILED
 *
 * Invariants
 * - Between two calls of `advance` everything up to an instant has happened, and nothing after it.
 * - Nobody but the venue has seen a bar that is not over; the venue sees it only where the account has orders.
 * - What happened is a function of the spec and the data: no clock, no chance but the seed's.
 */
export class Backtest implements BacktestRun {
  private readonly spec: BacktestSpec;
  private readonly feed: BarFeed;
  /** Null for a run on bars alone. */
  private readonly ticks: TickRun | null;
  private readonly warmup: Warmup;
  private readonly symbols: ReadonlyMap<string, TradedSymbol>;
  /** By rank of a series: the symbol whose price its bars tell, if it is the finest of that symbol. */
  private readonly marked: readonly (TradedSymbol | null)[];
  private readonly watch: AccountWatch;
  private floor: TradingFloor | null = null;
  private status: BacktestResult['status'] = 'RUNNING';
  private failure: BacktestFailure | null = null;
  private bars = 0;
  private warmupBars = 0;
  private firstAt: number | null = null;
  private startedAt: number | null = null;
  private lastAt: number | null = null;
  /** End of the account's trading day. */
  private dayEnd = Number.NEGATIVE_INFINITY;
  /** What a restored run has to catch up with before it goes on. */
  private restoring: BacktestSnapshot | null = null;

  /** Throws BacktestError, and StrategyError when the strategy cannot say what it wants. */
  constructor(spec: BacktestSpec, data: BacktestData) {
    const { optimizers, settings, strategy } = spec;
    const instruments = checkSpec(spec);
    const run = { symbols: settings.symbols, interval: settings.interval };
    const wanted = wantedInputs(strategy, settings.config, run, optimizers);
    const intervals = [...new Set([settings.interval, ...wanted.intervals])];
    this.spec = spec;
    const kinds = tickKinds(settings, data);
    checkFillData(settings, kinds);
    const isGivenTicks = (wanted.quotes || wanted.trades) && wanted.warmup === 0;
    this.feed = new BarFeed(settings, intervals, instruments, data, (symbol) => {
      return isGivenTicks && kinds.has(symbol);
    });
    this.symbols = tradedSymbols(settings, instruments, (symbol) => this.feed.finest(symbol));
    this.marked = this.feed.cursors.map((cursor) => {
      const symbol = this.symbols.get(cursor.series.symbol);
      return symbol?.market === cursor ? symbol : null;
    });
    this.warmup = new Warmup(this.given, wanted.warmup, settings.from);
    this.watch = new AccountWatch(settings);
    const hasTicks = kinds.size > 0;
    this.ticks = hasTicks
      ? new TickRun(new TickFeed(settings, kinds, this.symbols, data), wanted, this.watch)
      : null;
  }

  /** Throws BacktestError SNAPSHOT_MISMATCH for a snapshot of another run. */
  static restore(spec: BacktestSpec, data: BacktestData, snapshot: Json): Backtest {
    const saved = checkSnapshot(snapshot, spec.settings);
    const backtest = new Backtest(spec, data);
    backtest.take(saved);
    return backtest;
  }

  advance(maxBars: number): BacktestProgress {
    const until = this.seen + maxBars;
    if (this.restoring !== null) {
      const missing = this.catchUp(this.restoring);
      if (missing !== null) return this.progress(missing);
    }
    try {
      while (this.status === 'RUNNING' && this.seen < until) {
        const next = this.feed.next();
        const tick = this.ticks === null ? 'END' : this.ticks.feed.next();
        if (next !== 'END' && !(next instanceof SeriesCursor)) return this.progress(next);
        if (tick !== 'END' && !(tick instanceof TickLane)) return this.progress(tick);
        // Ticks of an instant are of after the bars that end with it.
        if (tick !== 'END' && (next === 'END' || tick.endsAt < next.endsAt)) this.takeTick(tick);
        else if (next === 'END') this.finish();
        else this.takeInstant(next);
      }
    } catch (error) {
      this.failure = failureOf(error, this.floor?.account.now ?? this.lastAt ?? 0);
      if (this.failure === null) throw error;
      this.status = 'FAILED';
    }
    return this.progress(null);
  }

  result(): BacktestResult {
    const { bars, failure, floor, lastAt: endedAt, startedAt, status, warmupBars } = this;
    const { settings } = this.spec;
    const ticks = this.ticks?.rows ?? null;
    return resultOf(floor, { settings, status, failure, startedAt, endedAt, bars, warmupBars, ticks });
  }

  save(): Json {
    const { bars, failure, firstAt, floor, lastAt, startedAt, status, warmupBars } = this;
    const snapshot: BacktestSnapshot = {
      schema: SNAPSHOT_SCHEMA,
      settings: settingsText(this.spec.settings),
      ...{ status, failure, bars, warmupBars, firstAt, startedAt, lastAt },
      dayEnd: floor === null ? null : this.dayEnd,
      taken: this.feed.cursors.map(({ taken }) => taken),
      ...(this.ticks !== null && { ticks: this.ticks.feed.lanes.map(({ taken }) => taken) }),
      warmup: floor === null ? this.warmup.save() : null,
      floor: floor === null ? null : saveFloor(floor),
    };
    return snapshot as unknown as Json;
  }

  private get given(): readonly boolean[] {
    return this.feed.cursors.map(({ rank }) => this.feed.isGiven(rank));
  }

  /** Bars and ticks. */
  private get seen(): number {
    return this.bars + (this.ticks?.rows ?? 0);
  }

  private take(saved: BacktestSnapshot): void {
    const { bars, failure, firstAt, lastAt, startedAt, status, warmupBars } = saved;
    Object.assign(this, { bars, failure, firstAt, lastAt, startedAt, status, warmupBars });
    if (saved.warmup !== null) this.warmup.restore(saved.warmup, this.given);
    if (saved.floor !== null) {
      this.floor = openFloor(this.spec, this.symbols, this.ticks?.feed, saved.floor.now, saved.floor);
      this.dayEnd = saved.dayEnd ?? this.dayEnd;
    }
    this.restoring = saved;
  }

  /** Goes past the bars of before; null when that is done. */
  private catchUp(saved: BacktestSnapshot) {
    const missing = this.feed.skip(saved.taken) ?? this.ticks?.skip(saved.ticks ?? []) ?? null;
    if (missing !== null) return missing;
    const next = this.feed.next();
    if (typeof next === 'object' && !(next instanceof SeriesCursor)) return next;
    if (saved.floor !== null) this.floor?.market.restore(saved.floor.market);
    this.restoring = null;
    return null;
  }

  private takeInstant(next: SeriesCursor): void {
    const { endsAt } = next;
    this.firstAt ??= next.startsAt;
    if (this.floor === null && this.warmup.isOverAt(endsAt)) this.start(next.startsAt);
    if (this.floor === null) this.warm(endsAt);
    else this.trade(this.floor, endsAt);
    this.lastAt = endsAt;
  }

  private takeTick(lane: TickLane): void {
    const { ticks } = this;
    if (ticks === null) return;
    const at = Math.floor(lane.endsAt);
    this.firstAt ??= at;
    // What happens at `from` is of the run, unlike a bar that ends with it.
    if (this.floor === null && this.warmup.isOverAt(at + 1)) this.start(at);
    const { floor } = this;
    if (floor === null) ticks.warm(lane);
    else {
      if (at >= this.dayEnd) {
        ticks.reach(floor, this.dayEnd);
        this.beginDay(floor, at + 1);
      }
      ticks.reach(floor, lane.endsAt);
      ticks.take(floor, lane);
    }
    this.lastAt = at;
  }

  private warm(endsAt: number): void {
    const { feed } = this;
    feed.take(endsAt);
    this.mark(endsAt);
    for (let place = 0; place < feed.size; place += 1) {
      const rank = feed.rankAt(place);
      if (feed.isGiven(rank)) this.warmup.take(rank, endsAt, () => feed.barAt(place));
    }
    this.warmupBars += feed.size;
  }

  /** Bars that end then are the first that count. */
  private start(firstStart: number): void {
    const { from } = this.spec.settings;
    const at = this.lastAt ?? firstStart;
    this.startedAt = from === null ? at : Math.max(from, at);
    const floor = openFloor(this.spec, this.symbols, this.ticks?.feed, this.startedAt, null);
    this.floor = floor;
    for (const bar of this.warmup.bars()) floor.driver.warm(bar);
    this.dayEnd = calendarOf(this.spec.settings.calendar).endOfDay(this.startedAt);
    // The benchmark's first return is from here.
    floor.equity.takeBenchmark(this.startedAt);
    floor.driver.start(this.spec);
  }

  /** Everything of one instant, in the order that README.md gives. */
  private trade(floor: TradingFloor, endsAt: number): void {
    const { account, driver, market } = floor;
    const { feed } = this;
    if (this.ticks === null) while (driver.nextTimerAt < endsAt) this.ring(floor);
    else this.ticks.reach(floor, Math.min(endsAt, this.dayEnd));
    if (endsAt > this.dayEnd) this.beginDay(floor, endsAt);
    if (this.ticks !== null) this.ticks.reach(floor, endsAt);
    else if (account.busy.size > 0) market.playUntil(endsAt);
    else market.rest();
    account.setTime(endsAt);
    feed.take(endsAt);
    this.mark(endsAt);
    this.watch.look(floor, endsAt);
    for (let place = 0; place < feed.size; place += 1) {
      if (feed.isGiven(feed.rankAt(place))) {
        driver.give({ kind: 'bar', at: endsAt, bar: feed.barAt(place) });
      }
    }
    this.ticks?.settle(floor);
  }

  /** The last prices of all bars that ended now are known before anybody acts on one of them. */
  private mark(endsAt: number): void {
    const { feed, marked } = this;
    for (let place = 0; place < feed.size; place += 1) {
      const symbol = marked[feed.rankAt(place)];
      if (symbol === null || symbol === undefined || symbol.isTicking) continue;
      symbol.last = symbol.ticks(feed.closeAt(place));
      symbol.lastAt = endsAt;
    }
    this.bars += feed.size;
  }

  private ring({ account, driver, market }: TradingFloor): void {
    const at = Math.max(driver.nextTimerAt, account.now);
    if (account.busy.size > 0) market.playUntil(at);
    account.setTime(at);
    driver.ring();
  }

  private beginDay(floor: TradingFloor, at: number): void {
    const { dayEnd, lastAt, startedAt } = this;
    const calendar = calendarOf(this.spec.settings.calendar);
    this.dayEnd = beginDay(floor, { at, calendar, dayEnd, lastAt, startedAt });
  }

  private finish(): void {
    const { feed, floor, lastAt } = this;
    if (floor === null) {
      throw this.warmup.refuse(
        feed.cursors.map(({ series }) => series),
        this.given,
      );
    }
    if (lastAt !== null) {
      floor.driver.give({ kind: 'stop', at: floor.account.now });
      floor.equity.take(lastAt);
    }
    this.status = 'COMPLETED';
  }

  private progress(waitsFor: BacktestProgress['waitsFor']): BacktestProgress {
    const { firstAt, lastAt, status } = this;
    const end = endOfRun(this.feed, this.ticks?.feed ?? null, this.spec.settings.to);
    const done = status !== 'RUNNING';
    return { done, at: lastAt, waitsFor, progress: done ? 1 : progressOf(firstAt, lastAt, end) };
  }
}
