import { abs, formatDecimal } from '../../decimal.ts';
import type { OrderChange, StrategyEffect, StrategyOrder } from '../../strategy-effects.ts';
import type { PaperAccount } from './account.ts';
import { bracketLegs, type PaperOrder, paperOrder } from './order.ts';
import { badChange, changeTerms, revised } from './order-change.ts';
import { badOrder } from './order-check.ts';
import type { OrderList } from './order-list.ts';
import { deniedBy } from './order-rules.ts';
import { TRAITS } from './order-types.ts';
import type { ReplaySettings } from './settings.ts';
import { trailedLevel } from './touch.ts';

export interface OrderDeskOptions {
  readonly orders: OrderList;
  readonly account: PaperAccount;
  readonly settings: ReplaySettings;
  /** An effect that cannot be done. */
  readonly problem: (message: string) => void;
  /** An order that is none, of a symbol that the strategy was not given, or of a name that is taken. */
  readonly malformed: (message: string) => void;
}

const CANCELED = 'canceled by the strategy';

/** Carries out what a strategy yields of its orders, at once; `at` is market time. */
export class OrderDesk {
  private readonly options: OrderDeskOptions;
  private asked = 0;

  constructor(options: OrderDeskOptions) {
    this.options = options;
  }

  /** `autoRef` names an order or a close that has no name of its own. */
  take(effect: StrategyEffect, autoRef: string, at: number): void {
    switch (effect.type) {
      case 'place':
        this.place(effect.order, effect.order.ref ?? autoRef, at);
        return;
      case 'replace':
        this.replace(effect.ref, effect.change, at);
        return;
      case 'cancel':
        this.cancel(effect.ref, at);
        return;
      case 'cancelAll':
        for (const order of this.options.orders.open) {
          if (effect.symbol === null || order.symbol === effect.symbol) this.end(order, at);
        }
        return;
      case 'close':
        this.close(effect.symbol, effect.quantity, autoRef, at);
        return;
      default:
    }
  }

  private place(asked: StrategyOrder, ref: string, at: number): void {
    const { account, malformed, orders, settings } = this.options;
    const index = this.asked;
    this.asked += 1;
    if (orders.find(ref) !== undefined) {
      malformed(`an open order is called ${ref} already: give the new one another ref`);
      return;
    }
    const instrument = settings.instruments.get(asked.symbol)?.view;
    const wrong = instrument === undefined ? 'no symbol of the strategy' : badOrder(asked, instrument, at);
    if (wrong !== null) {
      malformed(`order ${ref}: ${wrong}`);
      this.refused(this.unread(asked, ref, at), wrong, at);
      return;
    }
    const order = paperOrder(asked, ref, at);
    const refusal = settings.refuse?.(asked, index) ?? null;
    const denial =
      refusal?.status === 'DENIED' ? refusal.reason : deniedBy(order, orders.open, account, settings);
    if (denial !== null) {
      this.refused(order, denial, at);
      return;
    }
    this.accept(order, asked, refusal?.reason ?? null, at);
  }

  private accept(order: PaperOrder, asked: StrategyOrder, rejection: string | null, at: number): void {
    const { account, orders, settings } = this.options;
    const last = account.mark(order.symbol);
    const tick = settings.instruments.get(order.symbol)?.tick ?? 1n;
    if (TRAITS[order.type].trailing && order.stop === null && last !== undefined) {
      order.stop = trailedLevel(order, last, tick);
    }
    orders.add(order);
    orders.report(order, 'SUBMITTED', at);
    for (const leg of bracketLegs(asked, order)) {
      order.legs.push(leg);
      orders.add(leg);
      orders.report(leg, 'HELD', at);
    }
    if (rejection === null) orders.report(order, 'WORKING', at);
    else orders.end(order, 'REJECTED', at, rejection);
  }

  /** It is listed, so that its author sees it, but was never open. */
  private refused(order: PaperOrder, reason: string, at: number): void {
    this.options.orders.add(order);
    this.options.orders.end(order, 'DENIED', at, reason);
  }

  /** What can be shown of an order whose terms make no sense. */
  private unread({ symbol, side, type }: StrategyOrder, ref: string, at: number): PaperOrder {
    return paperOrder({ symbol, side, ...(type === undefined ? {} : { type }) }, ref, at);
  }

  private cancel(ref: string, at: number): void {
    const order = this.options.orders.find(ref);
    if (order === undefined) this.options.problem(`there is no open order ${ref}`);
    else this.end(order, at);
  }

  private end(order: PaperOrder, at: number): void {
    this.options.orders.end(order, 'CANCELED', at, CANCELED);
  }

  /** A market order, not reduce-only: as a gateway sends it. */
  private close(symbol: string, quantity: string | null, ref: string, at: number): void {
    const held = this.options.account.quantity(symbol);
    if (held === 0n) {
      this.options.problem(`there is nothing of ${symbol} to close`);
      return;
    }
    const side = held > 0n ? 'SELL' : 'BUY';
    this.place({ symbol, side, quantity: quantity ?? formatDecimal(abs(held)) }, ref, at);
  }

  /** What is wrong with new terms is a problem and changes nothing: the old ones go on. */
  private replace(ref: string, change: OrderChange, at: number): void {
    const { account, orders, problem, settings } = this.options;
    const order = orders.find(ref);
    const terms = order === undefined ? undefined : settings.instruments.get(order.symbol);
    if (order === undefined || terms === undefined) {
      problem(`there is no open order ${ref}`);
      return;
    }
    const wrong = badChange(order, change) ?? badOrder(revised(order, change), terms.view, at);
    if (wrong !== null) {
      problem(`order ${ref} cannot be replaced: ${wrong}`);
      return;
    }
    changeTerms(order, change);
    const last = account.mark(order.symbol);
    const isNewTrail = change.trailingOffset !== undefined && change.stopPrice === undefined;
    if (isNewTrail && last !== undefined) order.stop = trailedLevel(order, last, terms.tick);
    if (order.from !== Infinity) order.from = at;
    if (order.status !== 'HELD') orders.report(order, order.triggered ? 'TRIGGERED' : 'WORKING', at);
  }
}
