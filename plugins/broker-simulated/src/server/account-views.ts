import type { VenueBalance, VenueOrder, VenuePosition } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';
import type { AccountState } from '@omniquant/venue/account-ledger';
import type { ExecutionRecord, ExecutionReport } from '@omniquant/venue/exchange-output';
import { brokerOrderIdOf, type OrderState, toVenueOrder } from '@omniquant/venue/order-state';

import type { VenueEngine } from './venue-engine.ts';
import { VenueError } from './venue-error.ts';

const FILLS_PER_PAGE = 1_000;

/** All about an account, for tests that hold a gateway against it. */
export interface LedgerView {
  readonly account: string;
  readonly seq: number;
  readonly balances: readonly VenueBalance[];
  readonly positions: readonly VenuePosition[];
  readonly orders: readonly VenueOrder[];
  readonly executions: readonly (Omit<ExecutionRecord, 'price' | 'lots'> & {
    readonly price: string;
    readonly quantity: string;
  })[];
}

/** Reads of accounts, in the words of the SDK. */
export class AccountViews {
  private readonly engine: VenueEngine;
  private readonly wallNow: () => number;
  /** When orders came in, while lookups are delayed; wall time. */
  private readonly seenAt = new Map<string, number>();

  constructor(engine: VenueEngine, wallNow: () => number) {
    this.engine = engine;
    this.wallNow = wallNow;
  }

  /** An order by its venue order id, done ones included; null when the venue does not know it. */
  lookup(account: string, venueOrderId: string): VenueOrder | null {
    const order = this.engine.exchange.order(account, venueOrderId);
    return order === undefined || this.isHidden(order) ? null : this.view(order);
  }

  openOrders(account: string): VenueOrder[] {
    return this.engine.exchange
      .liveOrders(account)
      .filter((order) => !this.isHidden(order))
      .map((order) => this.view(order));
  }

  fills(
    account: string,
    after: number,
  ): { events: ExecutionReport['event'][]; cursor: number; isLast: boolean } {
    const reports = this.engine.store.reports(account, after, FILLS_PER_PAGE);
    const cursor = reports.at(-1)?.cursor ?? after;
    return { events: reports.map(({ event }) => event), cursor, isLast: reports.length < FILLS_PER_PAGE };
  }

  positions(id: string): VenuePosition[] {
    return [...this.account(id).positions].map(([symbol, lots]) => ({
      symbol,
      quantity: this.quantity(symbol, lots),
    }));
  }

  balances(id: string): VenueBalance[] {
    return [...this.account(id).cash].map(([currency, amount]) => ({
      currency,
      total: formatDecimal(amount),
    }));
  }

  ledger(id: string): LedgerView {
    const { seq } = this.account(id);
    const { store, exchange } = this.engine;
    const executions = store.allExecutions(id).map(({ price, lots, ...record }) => ({
      ...record,
      price: exchange.gridOf(record.symbol)?.price(price) ?? '0',
      quantity: this.quantity(record.symbol, lots),
    }));
    const orders = store.allOrders(id).map((order) => this.view(order));
    return {
      account: id,
      seq,
      balances: this.balances(id),
      positions: this.positions(id),
      orders,
      executions,
    };
  }

  /** Starts the delay after which orders can be looked up. */
  noteNewOrders(brokerOrderIds: readonly string[]): void {
    const { lookupDelayMs } = this.engine.draws.faults.requests;
    if (lookupDelayMs === 0) return;
    const now = this.wallNow();
    for (const [id, seenAt] of this.seenAt) {
      if (now - seenAt < lookupDelayMs) break;
      this.seenAt.delete(id);
    }
    for (const id of brokerOrderIds) this.seenAt.set(id, now);
  }

  account(id: string): AccountState {
    const account = this.engine.exchange.account(id);
    if (account === undefined) {
      throw new VenueError(404, 'UNKNOWN_ACCOUNT', `account ${id} is not known here`);
    }
    return account;
  }

  private isHidden({ id }: OrderState): boolean {
    const seenAt = this.seenAt.get(brokerOrderIdOf(id));
    return seenAt !== undefined && this.wallNow() - seenAt < this.engine.draws.faults.requests.lookupDelayMs;
  }

  private view(order: OrderState): VenueOrder {
    const grid = this.engine.exchange.gridOf(order.terms.symbol);
    if (grid !== undefined) return toVenueOrder(order, grid);
    // Refused because its symbol is unknown.
    const { account, venueOrderId, status, terms, message, at } = order;
    return {
      account,
      venueOrderId,
      brokerOrderId: brokerOrderIdOf(order.id),
      status,
      terms,
      filledQuantity: '0',
      stopPrice: null,
      message,
      at,
    };
  }

  private quantity(symbol: string, lots: number): string {
    return this.engine.exchange.gridOf(symbol)?.quantity(lots) ?? '0';
  }
}
