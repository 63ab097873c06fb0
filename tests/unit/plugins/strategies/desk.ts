import type {
  Bar,
  BarInterval,
  InstrumentView,
  StrategyDefinition,
  StrategyEffect,
  StrategyOrder,
  StrategyOrderStatus,
} from '@omniquant/plugin-sdk';
import { formatDecimal, parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';
import {
  type Optimizers,
  type SavedStrategy,
  type StrategyInput,
  StrategyInstance,
  wantedInputs,
} from '@omniquant/plugin-sdk/strategy-instance';

import { checkConfig } from '../../../../gateway/plugins/config-check.ts';
import { barOf, MINUTE } from './bars.ts';
import { leftOf, OPEN, type Order, orderEventOf, ordersOf, shortOf } from './desk-orders.ts';

const FLOOD = 1_000;

export interface DeskOptions {
  readonly definition: unknown;
  readonly config: Readonly<Record<string, unknown>>;
  /** By the strategy's names for them. */
  readonly optimizers?: Optimizers;
  readonly symbols?: readonly string[];
  readonly interval?: BarInterval;
  readonly instrument?: Partial<InstrumentView>;
  readonly cash?: number;
  readonly seed?: string;
  /** The strategy is made anew from its snapshot before every input. */
  readonly restores?: boolean;
  /** What becomes of an order as soon as it is placed; it stays open when left out. */
  readonly onPlaced?: (ref: string, desk: Desk) => unknown;
}

/** A strategy on hand-fed inputs with a market that does what the test says, told as a gateway tells. */
export class Desk {
  readonly effects: { readonly at: number; readonly on: string; readonly effect: StrategyEffect }[] = [];
  /** All that were ever placed. */
  readonly orders = new Map<string, Order>();
  readonly timers = new Map<string, number>();
  cash: number;
  now = 0;
  private readonly options: DeskOptions;
  private readonly positions = new Map<string, bigint>();
  private readonly last = new Map<string, number>();
  private readonly queue: StrategyInput[] = [];
  private readonly config: unknown;
  private isStepping = false;
  private instance: StrategyInstance;

  constructor(options: DeskOptions) {
    this.options = options;
    this.config = this.checked();
    this.cash = options.cash ?? 100_000;
    this.instance = this.create(null);
  }

  get symbols(): readonly string[] {
    return this.options.symbols ?? ['AAPL'];
  }

  get warmup(): number {
    return wantedInputs(this.definition, this.config, this.run, this.options.optimizers).warmup;
  }

  /** Begins after the warm-up, at `at` if that is later. */
  start(warmup: readonly Bar[] = [], at = 0): readonly StrategyEffect[] {
    for (const bar of warmup) {
      this.now = bar.at + MINUTE;
      this.last.set(bar.symbol, bar.close);
      this.instance.warm(bar);
    }
    this.now = Math.max(this.now, at);
    return this.give({ kind: 'start', at: this.now });
  }

  bar(bar: Bar): readonly StrategyEffect[] {
    this.last.set(bar.symbol, bar.close);
    this.advance(bar.at + MINUTE);
    return this.give({ kind: 'bar', at: this.now, bar });
  }

  /** Bars of one symbol by their closes, a minute each; the effects of the last. */
  closes(symbol: string, closes: readonly number[]): readonly StrategyEffect[] {
    let effects: readonly StrategyEffect[] = [];
    for (const close of closes) effects = this.bar(barOf(symbol, this.now, close));
    return effects;
  }

  stop(): readonly StrategyEffect[] {
    return this.give({ kind: 'stop', at: this.now });
  }

  /** Lets market time pass and rings the timers that fall due. */
  advance(to: number): void {
    for (;;) {
      const [next] = [...this.timers].sort(([, a], [, b]) => a - b);
      if (next === undefined || next[1] > to) break;
      const [name, at] = next;
      this.timers.delete(name);
      this.now = Math.max(this.now, at);
      this.give({ kind: 'timer', at: this.now, timer: { name, at } });
    }
    this.now = Math.max(this.now, to);
  }

  fill(ref: string, quantity?: string, price?: number): readonly StrategyEffect[] {
    const order = this.order(ref);
    const units = quantity === undefined ? leftOf(order) : parseDecimal(quantity);
    const signed = order.side === 'BUY' ? units : -units;
    this.positions.set(order.symbol, this.position(order.symbol) + signed);
    const at = price ?? this.last.get(order.symbol) ?? 0;
    this.cash -= toNumber(signed) * at;
    const filled = parseDecimal(order.filledQuantity) + units;
    order.filledQuantity = formatDecimal(filled);
    for (const leg of this.orders.values()) if (leg.entry === ref) leg.quantity = formatDecimal(filled);
    const isOpen = OPEN.has(order.status);
    if (isOpen) order.status = leftOf(order) === 0n ? 'FILLED' : 'PARTIALLY_FILLED';
    const { side, symbol } = order;
    const fill = {
      ref,
      symbol,
      side,
      at: this.now,
      price: String(at),
      quantity: formatDecimal(units),
      fee: null,
    };
    this.queue.push({ kind: 'fill', at: this.now, fill });
    return isOpen ? this.tell(order, order.status) : this.drain();
  }

  /** The order ends so, or is said to be so. */
  status(ref: string, status: StrategyOrderStatus, reason: string | null = null): readonly StrategyEffect[] {
    const order = this.order(ref);
    order.status = status;
    for (const leg of this.orders.values()) {
      const isOver = leg.entry === ref && OPEN.has(leg.status) && !OPEN.has(status) && status !== 'FILLED';
      if (isOver && order.filledQuantity === '0') this.end(leg, status === 'DENIED' ? 'DENIED' : 'CANCELED');
    }
    return this.tell(order, status, reason);
  }

  open(symbol?: string): readonly Order[] {
    return [...this.orders.values()].filter(
      (order) => OPEN.has(order.status) && (symbol === undefined || order.symbol === symbol),
    );
  }

  position(symbol: string): bigint {
    return this.positions.get(symbol) ?? 0n;
  }

  /** The last close. */
  price(symbol: string): number {
    return this.last.get(symbol) ?? 0;
  }

  /** Of the account, at the last closes. */
  get equity(): number {
    return [...this.positions].reduce(
      (sum, [symbol, units]) => sum + toNumber(units) * (this.last.get(symbol) ?? 0),
      this.cash,
    );
  }

  /** What was placed, told in short: 'BUY 10 AAPL'. */
  get placed(): readonly string[] {
    return this.effects.flatMap(({ effect }) => (effect.type === 'place' ? [shortOf(effect.order)] : []));
  }

  logs(level: string): readonly string[] {
    return this.effects.flatMap(({ effect }) =>
      effect.type === 'log' && effect.level === level ? [effect.message] : [],
    );
  }

  private get definition(): StrategyDefinition {
    return this.options.definition as StrategyDefinition;
  }

  private get run() {
    return { symbols: this.symbols, interval: this.options.interval ?? 'MINUTE_1' } as const;
  }

  private checked(): unknown {
    const { problems, value } = checkConfig(this.definition.config, { ...this.options.config });
    const problem = problems[0] ?? this.definition.check?.(value, this.run) ?? null;
    if (problem !== null) throw new Error(`bad config: ${JSON.stringify(problem)}`);
    return value;
  }

  private create(saved: SavedStrategy | null): StrategyInstance {
    const instruments = this.symbols.map((symbol) => ({ ...INSTRUMENT, symbol, ...this.options.instrument }));
    const { definition, config, run } = this;
    return new StrategyInstance({
      ...{ definition, config, run, instruments, saved },
      optimizers: this.options.optimizers ?? new Map(),
      seed: this.options.seed ?? 'desk',
    });
  }

  private order(ref: string): Order {
    const order = this.orders.get(ref);
    if (order === undefined) throw new Error(`there is no order ${ref}`);
    return order;
  }

  private tell(order: Order, status: StrategyOrderStatus, reason: string | null = null) {
    return this.give(orderEventOf(order, status, this.now, reason));
  }

  private end(order: Order, status: StrategyOrderStatus): void {
    order.status = status;
    this.queue.push(orderEventOf(order, status, this.now, null));
  }

  private give(input: StrategyInput): readonly StrategyEffect[] {
    this.queue.push(input);
    return this.drain();
  }

  /** The effects of all that waits. */
  private drain(): readonly StrategyEffect[] {
    if (this.isStepping) return [];
    this.isStepping = true;
    const all: StrategyEffect[] = [];
    for (let input = this.queue.shift(); input !== undefined; input = this.queue.shift()) {
      if (this.options.restores === true) {
        this.instance = this.create(JSON.parse(JSON.stringify(this.instance.save())) as SavedStrategy);
      }
      this.instance.setPortfolio(this.portfolio());
      const effects = this.instance.step(input);
      all.push(...effects);
      if (all.length > FLOOD) throw new Error(`more than ${FLOOD} effects while time stands still`);
      this.effects.push(...effects.map((effect) => ({ at: this.now, on: input.kind, effect })));
      for (const effect of effects) this.take(effect);
    }
    this.isStepping = false;
    return all;
  }

  private portfolio() {
    const positions = [...this.positions]
      .filter(([, quantity]) => quantity !== 0n)
      .map(([symbol, quantity]) => ({ symbol, quantity: formatDecimal(quantity), averagePrice: 0 }));
    const { cash, equity } = this;
    return { positions, orders: this.open().map((order) => ({ ...order })), realizedPnl: 0, cash, equity };
  }

  private take(effect: StrategyEffect): void {
    switch (effect.type) {
      case 'place':
        this.place(effect.order);
        break;
      case 'cancel': {
        const order = this.orders.get(effect.ref);
        if (order === undefined || !OPEN.has(order.status)) break;
        order.cancelAsked = true;
        if (order.status === 'HELD') this.end(order, 'CANCELED');
        break;
      }
      case 'replace': {
        const order = this.order(effect.ref);
        order.stopPrice = effect.change.stopPrice ?? order.stopPrice;
        break;
      }
      case 'setTimer':
        this.timers.set(effect.name, effect.at);
        break;
      case 'clearTimer':
        this.timers.delete(effect.name);
        break;
      default:
    }
  }

  private place(placed: StrategyOrder) {
    const { ref = '' } = placed;
    if (this.orders.has(ref)) throw new Error(`the ref ${ref} was used before`);
    for (const order of ordersOf(placed)) this.orders.set(order.ref, order);
    this.options.onPlaced?.(ref, this);
  }
}

const INSTRUMENT: Omit<InstrumentView, 'symbol'> = {
  ...{ currency: 'USD', tickSize: '0.01', lotSize: '1', multiplier: '1' },
  ...{ shortable: true, fractionable: false },
};

/** Fills an order as it is placed. */
export const fillAtOnce = (ref: string, desk: Desk): void => {
  desk.fill(ref);
};
