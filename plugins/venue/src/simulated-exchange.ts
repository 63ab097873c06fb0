import type { Decimal, VenueInstrument } from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import { Random, type RandomState } from '@omniquant/plugin-sdk/random';

import { type AccountState, addCash, addPosition, type FeeModel, newAccount } from './account-ledger.ts';
import type { CommandOutcome, VenueCommand } from './commands.ts';
import type { Deferred, ExchangeArchive, ExchangeOutput, ScheduledOutcome } from './exchange-output.ts';
import type { ExecutionQuality } from './execution-quality.ts';
import { InstrumentGrid } from './instrument-grid.ts';
import type { MarketLiquidity } from './market-liquidity.ts';
import type { MarketTick } from './market-tick.ts';
import { type DeskCounters, OrderDesk } from './order-desk.ts';
import { OrderEntry } from './order-entry.ts';
import { OrderIntake } from './order-intake.ts';
import type { OrderState } from './order-state.ts';
import { QuoteLiquidity } from './quote-liquidity.ts';
import { SymbolMarket } from './symbol-market.ts';

export interface SimulatedExchangeOptions {
  readonly instruments: readonly VenueInstrument[];
  readonly seed: string | number;
  readonly archive: ExchangeArchive;
  readonly quality: ExecutionQuality;
  /** Market value that one unit of equity may carry; null where whoever sends the orders sees to that. */
  readonly marginMultiplier: Decimal | null;
  /** In place of the fees of `quality`. */
  readonly fees?: FeeModel;
  /** What a symbol's market trades with its clients; the replayed quote when left out. */
  readonly liquidity?: (grid: InstrumentGrid) => MarketLiquidity;
}

/** What an exchange has to keep over a restart beside accounts and orders; plain data. */
export interface ExchangeSnapshot {
  readonly at: number;
  readonly random: RandomState;
  readonly counters: DeskCounters;
  readonly deferred: readonly Deferred[];
}

interface Scheduled {
  readonly command: VenueCommand;
  readonly dueAt: number;
  readonly ticket: number;
}

/**
 * An exchange as a deterministic state machine: commands, ticks and time go in; outcomes, messages
 * and changed books come out of {@link drain}. It has no clock, no randomness of its own and no I/O:
 * the same inputs give the same outputs, in a venue process as in a backtest.
 *
 * Time is told by {@link setTime} before what happens at it, and never goes back.
 */
export class SimulatedExchange {
  private readonly desk: OrderDesk;
  private readonly grids: ReadonlyMap<string, InstrumentGrid>;
  private readonly markets = new Map<string, SymbolMarket>();
  private readonly entry: OrderEntry;
  private scheduled: Scheduled[] = [];
  private outcomes: ScheduledOutcome[] = [];

  constructor(options: SimulatedExchangeOptions) {
    this.grids = new Map(options.instruments.map((each) => [each.symbol, new InstrumentGrid(each)]));
    const { fees = null, liquidity = () => new QuoteLiquidity(), marginMultiplier } = options;
    this.desk = new OrderDesk(Random.fromSeed('exchange', options.seed), options.archive, this.grids, fees);
    this.desk.setQuality(options.quality);
    for (const [symbol, grid] of this.grids) {
      this.markets.set(symbol, new SymbolMarket(grid, this.desk, liquidity(grid)));
    }
    const marks = (symbol: string): { grid: InstrumentGrid; last: number } | undefined => {
      const market = this.markets.get(symbol);
      return market === undefined ? undefined : { grid: market.grid, last: market.tick?.last ?? 0 };
    };
    const margin = marginMultiplier === null ? null : parseDecimal(marginMultiplier);
    const intake = new OrderIntake(this.desk, this.markets, marks, margin);
    this.entry = new OrderEntry(this.desk, this.markets, intake);
  }

  /** Market time. */
  get at(): number {
    return this.desk.at;
  }

  /** Whether the next {@link drain} has something to tell an account. */
  get hasNews(): boolean {
    return this.desk.hasNews;
  }

  get quality(): ExecutionQuality {
    return this.desk.quality;
  }

  setQuality(quality: ExecutionQuality): void {
    this.desk.setQuality(quality);
  }

  gridOf(symbol: string): InstrumentGrid | undefined {
    return this.grids.get(symbol);
  }

  /** Makes an account known. False when it was: it then stays as it is. */
  openAccount(id: string, currency: string, cash: Decimal): boolean {
    if (this.desk.accounts.has(id)) return false;
    const account = newAccount(id, currency);
    addCash(account, currency, parseDecimal(cash));
    this.desk.accounts.set(id, account);
    this.desk.markAccount(account);
    return true;
  }

  account(id: string): AccountState | undefined {
    return this.desk.accounts.get(id);
  }

  accounts(): AccountState[] {
    return [...this.desk.accounts.values()];
  }

  liveOrders(account?: string): OrderState[] {
    const orders = this.desk.liveOrders();
    return account === undefined ? orders : orders.filter((order) => order.account === account);
  }

  /** Live orders of a symbol, in order of their arrival; not to be kept. */
  liveOrdersOf(symbol: string): ReadonlySet<Readonly<OrderState>> {
    return this.market(symbol).orders;
  }

  /** An order by its venue order id, done ones included. */
  order(account: string, venueOrderId: string): OrderState | undefined {
    return this.desk.findOrder(account, venueOrderId);
  }

  execute(command: VenueCommand): CommandOutcome {
    return this.entry.execute(command);
  }

  /**
   * Carries a command out when market time has come to `dueAt`; its outcome is then in the output,
   * under `ticket`.
   */
  schedule(command: VenueCommand, dueAt: number, ticket: number): void {
    this.scheduled.push({ command, dueAt, ticket });
  }

  /** Market time that the next command takes to get here. */
  drawLatency(): number {
    const { min, max } = this.desk.quality.latencyMs;
    return max <= 0 ? 0 : this.desk.random.integer(min, max);
  }

  /** Takes an execution back. False when it is unknown or was busted before. */
  bust(executionId: string): boolean {
    return this.desk.bust(executionId);
  }

  /** Moves money for another reason than a trade, and tells the account. `reference` is unique in it. */
  transfer(id: string, amount: Decimal, currency: string, reason: string, reference: string): boolean {
    const account = this.desk.accounts.get(id);
    if (account === undefined) return false;
    addCash(account, currency, parseDecimal(amount));
    this.desk.send(id, { kind: 'transfer', account: id, at: this.at, reference, currency, amount, reason });
    return true;
  }

  /** Changes money or a position behind everybody's back, as a venue's mistake would. */
  tamper(
    id: string,
    change: { readonly cash?: Decimal; readonly symbol?: string; readonly lots?: number },
  ): boolean {
    const account = this.desk.accounts.get(id);
    if (account === undefined) return false;
    if (change.cash !== undefined) addCash(account, account.currency, parseDecimal(change.cash));
    if (change.symbol !== undefined) addPosition(account, change.symbol, change.lots ?? 0);
    this.desk.markAccount(account);
    return true;
  }

  /** Whether a tick of a symbol would change nothing but its quote. */
  isQuiet(symbol: string): boolean {
    return this.scheduled.length === 0 && this.desk.deferred.length === 0 && this.market(symbol).isQuiet;
  }

  /** Market time moves on: scheduled commands arrive, dated orders expire. */
  setTime(at: number): void {
    this.desk.at = Math.max(this.desk.at, at);
    if (this.desk.deferred.length > 0) this.desk.runDeferred();
    if (this.scheduled.length > 0) this.runScheduled();
  }

  /** Ends the orders of a symbol whose date has come. */
  expireDated(symbol: string): void {
    this.market(symbol).expireDated(this.at);
  }

  tick(symbol: string, tick: MarketTick): void {
    this.market(symbol).onTick(tick);
  }

  /** A tick of a quiet symbol, of which only the latest counts. */
  showTick(symbol: string, tick: MarketTick): void {
    this.market(symbol).showTick(tick);
  }

  isOpen(symbol: string): boolean {
    return this.market(symbol).isOpen;
  }

  open(symbol: string, price: number): void {
    this.market(symbol).open(price);
  }

  close(symbol: string, price: number): void {
    this.market(symbol).close(price);
  }

  /** What changed since the last call. Orders that ended are forgotten then. */
  drain(): ExchangeOutput {
    const { outcomes } = this;
    this.outcomes = [];
    return this.desk.drain(outcomes);
  }

  snapshot(): ExchangeSnapshot {
    const { at, counters, deferred, random } = this.desk;
    return { at, random: random.state(), counters: { ...counters }, deferred: [...deferred] };
  }

  /** Continues an exchange; call once, before anything else, with the accounts' live orders. */
  restore(
    snapshot: ExchangeSnapshot,
    accounts: readonly AccountState[],
    orders: readonly OrderState[],
  ): void {
    this.desk.at = snapshot.at;
    this.desk.random.setState(snapshot.random);
    Object.assign(this.desk.counters, snapshot.counters);
    this.desk.deferred.push(...snapshot.deferred);
    for (const account of accounts) this.desk.accounts.set(account.id, { ...account, reserved: 0n });
    for (const order of orders.toSorted((a, b) => a.priority - b.priority)) {
      this.desk.add(order);
      this.market(order.terms.symbol).restore(order);
    }
    this.drain();
  }

  /** Says, after {@link restore}, which symbols were trading. */
  resumeSession(symbol: string, tick: MarketTick): void {
    const market = this.market(symbol);
    market.showTick(tick);
    market.isOpen = true;
  }

  private runScheduled(): void {
    const due = this.scheduled.filter(({ dueAt }) => dueAt <= this.at);
    if (due.length === 0) return;
    this.scheduled = this.scheduled.filter(({ dueAt }) => dueAt > this.at);
    due.sort((a, b) => a.dueAt - b.dueAt);
    for (const { command, ticket } of due) this.outcomes.push({ ticket, outcome: this.execute(command) });
  }

  private market(symbol: string): SymbolMarket {
    const market = this.markets.get(symbol);
    if (market === undefined) throw new RangeError(`symbol ${symbol} has no market here`);
    return market;
  }
}
