import type { BrokerEvent, Liquidity, VenueOrderStatus } from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import type { Random } from '@omniquant/plugin-sdk/random';

import {
  type AccountState,
  addCash,
  applyExecution,
  feeCalculator,
  type FeeModel,
} from './account-ledger.ts';
import type {
  AccountMessage,
  Deferred,
  ExchangeArchive,
  ExchangeOutput,
  ExecutionRecord,
  ExecutionReport,
  OrderNews,
  ScheduledOutcome,
} from './exchange-output.ts';
import { type ExecutionQuality, PERFECT_EXECUTION } from './execution-quality.ts';
import type { InstrumentGrid } from './instrument-grid.ts';
import { brokerOrderIdOf, isLive, leavesOf, type OrderState } from './order-state.ts';

const LATE_FEE_AFTER_MS = 2_000;
const BUST_AFTER_MS = 5_000;

/** Numbers that never repeat, to be continued after a restart. */
export interface DeskCounters {
  order: number;
  execution: number;
  report: number;
  priority: number;
}

/**
 * The books of the exchange: accounts, live orders, and everything that is said about them. It knows
 * no prices of the market and decides nothing; whoever matches orders tells it what came of them.
 */
export class OrderDesk {
  /** Market time. */
  at = 0;
  quality: ExecutionQuality = PERFECT_EXECUTION;
  readonly random: Random;
  readonly archive: ExchangeArchive;
  readonly counters: DeskCounters = { order: 0, execution: 0, report: 0, priority: 0 };
  readonly accounts = new Map<string, AccountState>();
  readonly deferred: Deferred[] = [];
  /** Live orders and those that ended since the last output. */
  private readonly byId = new Map<number, OrderState>();
  private readonly byVenueId = new Map<string, Map<string, OrderState>>();
  private readonly changedOrders = new Set<OrderState>();
  private readonly changedAccounts = new Set<AccountState>();
  private readonly executions = new Map<string, ExecutionRecord>();
  private messages: AccountMessage[] = [];
  private reports: ExecutionReport[] = [];
  private feeOf: FeeModel;
  private readonly fees: FeeModel | null;
  private readonly grids: ReadonlyMap<string, InstrumentGrid>;

  /** @param fees In place of the fees of the execution quality. */
  constructor(
    random: Random,
    archive: ExchangeArchive,
    grids: ReadonlyMap<string, InstrumentGrid>,
    fees: FeeModel | null = null,
  ) {
    this.random = random;
    this.archive = archive;
    this.grids = grids;
    this.fees = fees;
    this.feeOf = fees ?? feeCalculator(PERFECT_EXECUTION.fees);
  }

  /** Whether an account has been told something since the last output. */
  get hasNews(): boolean {
    return this.messages.length > 0;
  }

  setQuality(quality: ExecutionQuality): void {
    this.quality = quality;
    this.feeOf = this.fees ?? feeCalculator(quality.fees);
  }

  liveOrders(): OrderState[] {
    return [...this.byId.values()].filter(isLive);
  }

  /** An order of an account by its venue order id, done ones included. */
  findOrder(account: string, venueOrderId: string): OrderState | undefined {
    return this.byVenueId.get(account)?.get(venueOrderId) ?? this.archive.order(account, venueOrderId);
  }

  findById(id: number): OrderState | undefined {
    return this.byId.get(id) ?? this.archive.orderById(id);
  }

  /** Takes an order into the books; its funds are tied up from here on. */
  add(order: OrderState): void {
    this.byId.set(order.id, order);
    if (order.venueOrderId !== null) {
      const ofAccount = this.byVenueId.get(order.account);
      if (ofAccount === undefined) this.byVenueId.set(order.account, new Map([[order.venueOrderId, order]]));
      else ofAccount.set(order.venueOrderId, order);
    }
    this.release(order, -leavesOf(order));
    this.changedOrders.add(order);
  }

  markChanged(order: OrderState): void {
    this.changedOrders.add(order);
  }

  /** Sends news about an order to its account's stream. */
  report(order: OrderState, news: OrderNews): void {
    order.at = this.at;
    this.changedOrders.add(order);
    this.send(order.account, { ...this.subject(order), ...news });
  }

  send(accountId: string, event: BrokerEvent): void {
    const account = this.accounts.get(accountId);
    if (account === undefined) return;
    account.seq += 1;
    this.changedAccounts.add(account);
    this.messages.push({ account: accountId, seq: account.seq, event });
  }

  /** Ends a live order otherwise than by a fill, and says so if there is something to say. */
  finish(order: OrderState, status: VenueOrderStatus, news: OrderNews | null): void {
    this.release(order, leavesOf(order));
    order.status = status;
    order.shown = null;
    order.at = this.at;
    if (news !== null && 'message' in news) order.message = news.message;
    if (news !== null && 'reason' in news) order.message = news.reason;
    this.changedOrders.add(order);
    if (news !== null) this.report(order, news);
  }

  /** Books an execution. `price` in ticks. */
  fill(order: OrderState, price: number, lots: number, liquidity: Liquidity | null): void {
    const account = this.accounts.get(order.account);
    const grid = this.grids.get(order.terms.symbol);
    if (account === undefined || grid === undefined || lots <= 0) return;
    const fee = this.feeOf({ grid, price, lots, liquidity, isFirst: order.filled === 0, at: this.at });
    const isFeeLate = this.random.chance(this.quality.lateFeeProbability);
    const charged = isFeeLate ? 0n : fee;
    const { side } = order.terms;
    applyExecution(account, grid, { side, price, lots, fee: charged }, 1);
    this.release(order, lots);
    order.filled += lots;
    if (leavesOf(order) === 0) order.status = 'FILLED';
    this.counters.execution += 1;
    this.counters.report += 1;
    const executionId = `E${this.counters.execution}`;
    const record = {
      executionId,
      orderId: order.id,
      account: order.account,
      symbol: grid.symbol,
      side,
      price,
      lots,
    };
    this.executions.set(executionId, { ...record, fee: formatDecimal(charged), busted: false });
    this.reportExecution(order, {
      kind: 'filled',
      executionId,
      price: grid.price(price),
      quantity: grid.quantity(lots),
      fee: isFeeLate ? null : formatDecimal(fee),
      feeCurrency: isFeeLate ? null : grid.instrument.currency,
      liquidity,
      cursor: String(this.counters.report),
    });
    if (isFeeLate) this.defer('fee', executionId, LATE_FEE_AFTER_MS, formatDecimal(fee));
    if (this.random.chance(this.quality.bustProbability)) this.defer('bust', executionId, BUST_AFTER_MS, '0');
  }

  /** Takes an execution back: position and money as if it had not been. False if it already was or is unknown. */
  bust(executionId: string): boolean {
    const record = this.executions.get(executionId) ?? this.archive.execution(executionId);
    if (record === undefined || record.busted) return false;
    const order = this.findById(record.orderId);
    const account = this.accounts.get(record.account);
    const grid = this.grids.get(record.symbol);
    if (order === undefined || account === undefined || grid === undefined) return false;
    this.byId.set(order.id, order);
    applyExecution(account, grid, { ...record, fee: parseDecimal(record.fee) }, -1);
    order.filled -= record.lots;
    order.busted += record.lots;
    this.executions.set(executionId, { ...record, fee: '0', busted: true });
    const feeDue = this.deferred.findIndex((due) => due.kind === 'fee' && due.executionId === executionId);
    if (feeDue >= 0) this.deferred.splice(feeDue, 1);
    this.counters.report += 1;
    this.reportExecution(order, { kind: 'busted', executionId });
    return true;
  }

  /** Does what was put off until now. */
  runDeferred(): void {
    for (let index = 0; index < this.deferred.length;) {
      const due = this.deferred[index];
      if (due === undefined || due.dueAt > this.at) {
        index += 1;
        continue;
      }
      this.deferred.splice(index, 1);
      if (due.kind === 'bust') this.bust(due.executionId);
      else this.chargeFee(due);
    }
  }

  /** Gives away what changed and forgets the orders that ended. */
  drain(outcomes: readonly ScheduledOutcome[]): ExchangeOutput {
    const orders = [...this.changedOrders];
    const output = {
      outcomes,
      messages: this.messages,
      orders,
      executions: [...this.executions.values()],
      reports: this.reports,
      accounts: [...this.changedAccounts],
    };
    this.messages = [];
    this.reports = [];
    this.changedOrders.clear();
    this.changedAccounts.clear();
    this.executions.clear();
    for (const order of orders) if (!isLive(order)) this.forget(order);
    return output;
  }

  nextPriority(): number {
    this.counters.priority += 1;
    return this.counters.priority;
  }

  markAccount(account: AccountState): void {
    this.changedAccounts.add(account);
  }

  private forget(order: OrderState): void {
    this.byId.delete(order.id);
    if (order.venueOrderId === null) return;
    const ofAccount = this.byVenueId.get(order.account);
    ofAccount?.delete(order.venueOrderId);
    if (ofAccount?.size === 0) this.byVenueId.delete(order.account);
  }

  private chargeFee({ executionId, fee }: Deferred): void {
    const record = this.executions.get(executionId) ?? this.archive.execution(executionId);
    const order = record === undefined ? undefined : this.findById(record.orderId);
    const account = this.accounts.get(record?.account ?? '');
    const feeCurrency = this.grids.get(record?.symbol ?? '')?.instrument.currency;
    if (record === undefined || order === undefined || account === undefined || feeCurrency === undefined) {
      return;
    }
    this.byId.set(order.id, order);
    addCash(account, feeCurrency, -parseDecimal(fee));
    this.executions.set(executionId, { ...record, fee });
    this.counters.report += 1;
    this.reportExecution(order, { kind: 'feeCharged', executionId, fee, feeCurrency });
  }

  private reportExecution(order: OrderState, news: OrderNews): void {
    this.report(order, news);
    const message = this.messages.at(-1);
    if (message === undefined) return;
    const { account, event } = message;
    this.reports.push({ cursor: this.counters.report, account, event: event as ExecutionReport['event'] });
  }

  private defer(kind: Deferred['kind'], executionId: string, after: number, fee: string): void {
    this.deferred.push({ kind, executionId, dueAt: this.at + after, fee });
  }

  /** Frees the funds of that many lots of an order; negative ties them up. */
  private release(order: OrderState, lots: number): void {
    if (order.reservePrice === 0 || lots === 0) return;
    const account = this.accounts.get(order.account);
    const grid = this.grids.get(order.terms.symbol);
    if (account === undefined || grid === undefined) return;
    const value: Fixed = grid.value(order.reservePrice, lots);
    account.reserved -= value;
    this.changedAccounts.add(account);
  }

  private subject(order: OrderState): {
    account: string;
    venueOrderId: string | null;
    brokerOrderId: string;
    at: number;
  } {
    const { account, venueOrderId } = order;
    return { account, venueOrderId, brokerOrderId: brokerOrderIdOf(order.id), at: this.at };
  }
}
