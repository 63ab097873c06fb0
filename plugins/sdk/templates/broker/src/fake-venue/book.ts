import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { WireExecution, WireOrder } from '../wire.ts';

const SCALE = parseDecimal('1');

/** Why Acme refuses, with the HTTP status that goes with it. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface OrderForm {
  readonly clientId: string | null;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: string;
  readonly tif: string;
  readonly qty: string;
  readonly limit: string | null;
  readonly stop: string | null;
}

type Held = { -readonly [K in keyof WireOrder]: WireOrder[K] };

/** What the stream tells: an order as it stands, or an execution. */
export type BookMessage =
  | { readonly type: 'order'; readonly order: WireOrder }
  | { readonly type: 'execution'; readonly execution: WireExecution };

/** The orders and executions of one account, in memory; nothing happens in it by itself. */
export class Book {
  readonly orders: Held[] = [];
  /** Executions and busts, in the order of their `seq`. */
  readonly executions: WireExecution[] = [];
  private readonly tell: (message: BookMessage) => void;
  /** Beyond what a double holds. */
  private nextId = 9_007_199_254_740_993n;
  private nextTime = Date.parse('2026-01-05T14:30:00.123Z');

  constructor(tell: (message: BookMessage) => void) {
    this.tell = tell;
  }

  find(clientId: string): WireOrder | undefined {
    return this.orders.find((order) => order.clientId === clientId);
  }

  get live(): readonly WireOrder[] {
    return this.orders.filter(({ status }) => status === 'new' || status === 'partially_filled');
  }

  submit(form: OrderForm): WireOrder {
    this.check(form);
    const order = this.open(form);
    this.tell({ type: 'order', order: { ...order } });
    return order;
  }

  replace(clientId: string, form: OrderForm): WireOrder {
    const old = this.working(clientId);
    this.check(form);
    old.status = 'replaced';
    const order = this.open(form);
    order.filled = old.filled;
    this.tell({ type: 'order', order: { ...order, status: 'replacement' } });
    return order;
  }

  cancel(clientId: string): WireOrder {
    return this.end(clientId, 'canceled');
  }

  end(clientId: string, status: 'canceled' | 'expired'): WireOrder {
    const order = this.working(clientId);
    order.status = status;
    this.tell({ type: 'order', order: { ...order } });
    return order;
  }

  fill(clientId: string, qty: string): void {
    const order = this.working(clientId);
    const filled = parseDecimal(order.filled) + parseDecimal(qty);
    if (filled > parseDecimal(order.qty)) throw new Error(`${qty} is more than is left of the order`);
    order.filled = formatDecimal(filled);
    order.status = filled === parseDecimal(order.qty) ? 'filled' : 'partially_filled';
    this.record({
      kind: 'execution',
      executionId: String((this.nextId += 1n)),
      ...{ orderId: order.id, clientId: order.clientId, qty, price: order.limit ?? '1' },
    });
  }

  bust(executionId: string): void {
    const execution = this.executions.find((each) => each.executionId === executionId);
    if (execution === undefined) throw new Error(`there is no execution ${executionId}`);
    const { clientId, orderId, price, qty } = execution;
    this.record({ kind: 'bust', executionId, orderId, clientId, qty, price });
  }

  get busted(): ReadonlySet<string> {
    return new Set(this.executions.flatMap(({ executionId, kind }) => (kind === 'bust' ? executionId : [])));
  }

  /** Units by symbol, and what was paid for them. */
  get holdings(): { readonly positions: ReadonlyMap<string, bigint>; readonly cash: bigint } {
    const positions = new Map<string, bigint>();
    let cash = parseDecimal('1000000');
    const { busted } = this;
    for (const { executionId, kind, orderId, price, qty } of this.executions) {
      const order = this.orders.find(({ id }) => id === orderId);
      if (order === undefined || kind === 'bust' || busted.has(executionId)) continue;
      const signed = parseDecimal(qty) * (order.side === 'buy' ? 1n : -1n);
      positions.set(order.symbol, (positions.get(order.symbol) ?? 0n) + signed);
      cash -= (signed * parseDecimal(price)) / SCALE;
    }
    return { positions, cash };
  }

  time(): string {
    this.nextTime += 1;
    return new Date(this.nextTime).toISOString();
  }

  private record(execution: Omit<WireExecution, 'seq' | 'fee' | 'time'>): void {
    const whole = { ...execution, seq: this.executions.length + 1, fee: '0', time: this.time() };
    this.executions.push(whole);
    this.tell({ type: 'execution', execution: whole });
  }

  private open(form: OrderForm): Held {
    const id = String((this.nextId += 1n));
    const order: Held = { ...form, id, status: 'new', filled: '0', time: this.time() };
    this.orders.push(order);
    return order;
  }

  private check({ clientId, symbol }: OrderForm): void {
    if (clientId !== null && this.find(clientId) !== undefined) {
      throw new Refusal(422, 'duplicate-client-id', `clientId ${clientId} is taken`);
    }
    if (!SYMBOLS.includes(symbol)) throw new Refusal(422, 'unknown-symbol', `${symbol} is not traded here`);
  }

  private working(clientId: string): Held {
    const order = this.orders.find((each) => each.clientId === clientId);
    if (order === undefined) throw new Refusal(404, 'order-not-found', `there is no order ${clientId}`);
    if (!this.live.includes(order)) throw new Refusal(409, 'order-is-done', `the order is ${order.status}`);
    return order;
  }
}

export const SYMBOLS: readonly string[] = ['ACME', 'OTHER'];
