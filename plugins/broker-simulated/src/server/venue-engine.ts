import type { VenueClock } from '@omniquant/plugin-sdk';
import type { CommandOutcome, VenueCommand } from '@omniquant/venue/commands';
import type { AccountMessage } from '@omniquant/venue/exchange-output';
import { MarketReplay } from '@omniquant/venue/market-replay';
import { advanceMarketTime } from '@omniquant/venue/market-time';
import { newYorkMidnight, parseDay } from '@omniquant/venue/new-york-time';
import { FIRST_START_DAY, INSTRUMENTS, loadRecordedSeries } from '@omniquant/venue/recorded-markets';
import { type ExchangeSnapshot, SimulatedExchange } from '@omniquant/venue/simulated-exchange';
import { SimulatedMarket } from '@omniquant/venue/simulated-market';

import { FaultDraws } from './fault-draws.ts';
import { MarketPacer } from './market-pacer.ts';
import { VenueError } from './venue-error.ts';
import { NO_FAULTS, type VenueFaults } from './venue-faults.ts';
import { VenueStore } from './venue-store.ts';

const PUMP_MS = 100;
/** Steps of the market that one turn of the event loop plays at most; more wait for the next. */
const STEPS_PER_TURN = 2_000;
const MARGIN_MULTIPLIER = '4';

export interface EngineOptions {
  readonly dataDir: string;
  readonly seed: string;
  readonly speed: number;
  /** YYYY-MM-DD; the market opens on the first trading day from here on. */
  readonly startDay: string;
  readonly faults: VenueFaults | undefined;
  /** Monotonic, ms. */
  readonly wallNow: () => number;
}

export interface EngineListener {
  /** Committed messages of the order streams. */
  messages(messages: readonly AccountMessage[]): void;
  /** The store failed: nothing that happened since can be vouched for. */
  failed(error: unknown): void;
}

interface Job {
  run(): void;
  settle(error: Error | undefined): void;
}

/** What the venue remembers beside accounts, orders and executions. */
interface Settings {
  readonly exchange: ExchangeSnapshot;
  /** No market time after it has been told to anyone. */
  readonly bound: number;
  readonly speed: number;
  readonly held: boolean;
  readonly faults: VenueFaults;
}

/**
 * The running venue. Everything that changes it goes through {@link perform}: what was asked for in
 * one turn of the event loop is carried out together and committed together, and only then answered
 * and told to the streams. When a commit fails the venue stops: its memory is ahead of its disk.
 */
export class VenueEngine {
  readonly store: VenueStore;
  readonly exchange: SimulatedExchange;
  readonly replay: MarketReplay;
  readonly pacer: MarketPacer;
  readonly draws: FaultDraws;
  private readonly market: SimulatedMarket;
  private readonly listener: EngineListener;
  private readonly timer: NodeJS.Timeout;
  private jobs: Job[] = [];
  private isFlushDue = false;
  private isClosed = false;
  private areSettingsDirty = true;
  private bound: number;
  /** Grows whenever an account is told something. */
  news = 0;
  private isStepped = false;
  private nextTicket = 1;
  private readonly tickets = new Map<number, (outcome: CommandOutcome) => void>();

  constructor(options: EngineOptions, listener: EngineListener) {
    this.listener = listener;
    this.store = new VenueStore(options.dataDir);
    const seed = (this.store.setting('seed') as string | undefined) ?? options.seed;
    const stored = this.store.setting('venue') as Settings | undefined;
    const faults = options.faults ?? stored?.faults ?? NO_FAULTS;
    this.replay = new MarketReplay({ seed, series: loadRecordedSeries() });
    this.exchange = new SimulatedExchange({
      instruments: INSTRUMENTS,
      seed,
      archive: this.store,
      quality: faults.execution,
      marginMultiplier: MARGIN_MULTIPLIER,
    });
    this.draws = new FaultDraws(seed);
    this.draws.faults = faults;
    if (stored !== undefined) {
      this.exchange.restore(stored.exchange, this.store.accounts(), this.store.liveOrders());
    }
    const at = stored?.exchange.at ?? this.startTime(options.startDay);
    this.exchange.setTime(at);
    this.market = new SimulatedMarket(this.replay, this.exchange, at);
    // Times up to the bound may have been told before the restart; they pass again, with the same ticks.
    this.bound = this.market.advance(Math.max(at + 1, stored?.bound ?? 0));
    this.pacer = new MarketPacer(
      this.replay.days,
      this.bound,
      stored?.speed ?? options.speed,
      options.wallNow,
    );
    this.pacer.isHeld = stored?.held ?? false;
    this.commit({ seed });
    this.timer = setInterval(() => {
      this.scheduleFlush();
    }, PUMP_MS);
  }

  get now(): number {
    return this.market.now;
  }

  /** Of speed 0 in lockstep: nobody is to think that time goes on by itself. */
  get clock(): VenueClock {
    return { ...this.pacer.clock(this.now), ...(this.isStepped && { speed: 0 }) };
  }

  /** Runs a change and answers when it is on disk. */
  perform<R>(change: () => R): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      if (this.isClosed) {
        reject(new VenueError(503, 'CLOSING', 'the venue is closing'));
        return;
      }
      let result: { readonly value: R } | undefined;
      this.jobs.push({
        run: () => {
          result = { value: change() };
        },
        settle: (error) => {
          if (result !== undefined && error === undefined) resolve(result.value);
          else reject(error ?? new VenueError(500, 'INTERNAL', 'the change was not carried out'));
        },
      });
      this.scheduleFlush();
    });
  }

  /** Carries out commands, each with an outcome of its own. */
  async execute(commands: readonly VenueCommand[]): Promise<CommandOutcome[]> {
    const started = await this.perform(() => commands.map((command) => this.start(command)));
    const outcomes: CommandOutcome[] = [];
    for (const outcome of started) outcomes.push(await outcome);
    return outcomes;
  }

  /** Keeps the settings with the next commit; call inside {@link perform}. */
  settingsChanged(): void {
    this.areSettingsDirty = true;
  }

  setFaults(faults: VenueFaults): void {
    this.draws.faults = faults;
    this.exchange.setQuality(faults.execution);
    this.settingsChanged();
  }

  /** What is on disk about an account, and what may therefore be told. */
  account(id: string): { readonly committedSeq: number } | undefined {
    // Outside of a flush nothing is uncommitted.
    const account = this.exchange.account(id);
    return account === undefined ? undefined : { committedSeq: account.seq };
  }

  /** Stops or releases the flow of time; call inside {@link perform}. */
  hold(isHeld: boolean): void {
    this.pacer.due();
    this.pacer.set(this.now);
    this.pacer.isHeld = isHeld;
    this.settingsChanged();
  }

  /** Moves a held market by that much market time, closed hours left out; call inside {@link perform}. */
  step(ms: number): void {
    this.move(Math.floor(advanceMarketTime(this.replay.days, this.now, ms)));
  }

  /** Moves a held market towards an instant, by so many of its ticks at most; call inside {@link perform}. */
  move(to: number, ticks = Infinity): void {
    this.market.advance(to, ticks);
    this.pacer.set(this.now);
    this.settingsChanged();
  }

  /** Time goes by {@link move} only; call inside {@link perform}. */
  setStepped(isStepped: boolean): void {
    this.isStepped = isStepped;
    this.hold(isStepped);
  }

  /** Carries out what was asked for, and closes the store. */
  close(): void {
    if (this.isClosed) return;
    clearInterval(this.timer);
    this.flush();
    this.isClosed = true;
    this.store.close();
  }

  private startTime(startDay: string): number {
    const day = parseDay(startDay);
    if (day === undefined || startDay < FIRST_START_DAY) {
      throw new VenueError(
        400,
        'INVALID_START',
        `start day ${startDay} is no YYYY-MM-DD from ${FIRST_START_DAY} on`,
      );
    }
    return this.replay.days.sessionFrom(newYorkMidnight(day)).open - 1;
  }

  private start(command: VenueCommand): CommandOutcome | Promise<CommandOutcome> {
    const latency = this.exchange.drawLatency();
    if (latency === 0) return this.exchange.execute(command);
    const ticket = this.nextTicket;
    this.nextTicket += 1;
    this.exchange.schedule(command, this.now + latency, ticket);
    return new Promise((resolve) => this.tickets.set(ticket, resolve));
  }

  private scheduleFlush(): void {
    if (this.isFlushDue || this.isClosed) return;
    this.isFlushDue = true;
    setImmediate(() => {
      this.isFlushDue = false;
      if (!this.isClosed) this.flush();
    });
  }

  private flush(): void {
    const jobs = this.jobs;
    this.jobs = [];
    const errors = new Map<Job, Error>();
    try {
      this.advance();
      for (const job of jobs) {
        try {
          job.run();
        } catch (error) {
          errors.set(job, toError(error));
        }
      }
      this.commit({});
    } catch (error) {
      this.isClosed = true;
      clearInterval(this.timer);
      for (const job of jobs) job.settle(toError(error));
      this.store.close();
      this.listener.failed(error);
      return;
    }
    for (const job of jobs) job.settle(errors.get(job));
  }

  private advance(): void {
    const due = this.pacer.due();
    if (due <= this.now) return;
    if (this.market.advance(due, STEPS_PER_TURN) < due) {
      this.pacer.set(this.now);
      this.scheduleFlush();
    }
  }

  /** Puts on disk what changed, then lets it out. */
  private commit(settings: Readonly<Record<string, unknown>>): void {
    const output = this.exchange.drain();
    const isChanged =
      this.areSettingsDirty ||
      this.now > this.bound ||
      output.orders.length + output.accounts.length + output.executions.length > 0;
    if (isChanged) {
      const bound = this.pacer.isHeld ? this.now : this.pacer.bound(this.now);
      this.store.commit(output, { ...settings, venue: this.settings(bound) });
      this.bound = bound;
      this.areSettingsDirty = false;
    }
    for (const { ticket, outcome } of output.outcomes) {
      this.tickets.get(ticket)?.(outcome);
      this.tickets.delete(ticket);
    }
    if (output.messages.length === 0) return;
    this.news += 1;
    this.listener.messages(output.messages);
  }

  private settings(bound: number): Settings {
    const { speed, isHeld } = this.pacer;
    return { exchange: this.exchange.snapshot(), bound, speed, held: isHeld, faults: this.draws.faults };
  }
}

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
