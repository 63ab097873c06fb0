import type { StrategyEffect, StrategyOrder } from '@omniquant/plugin-sdk';
import { abs, formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import type { ClientCommand, PlaceOrder, StopLossTerms } from '../engine/command.ts';
import type { Ids } from '../ports/clock.ts';
import { openOrdersOf } from './portfolio-of.ts';
import type { StrategyState } from './strategy-state.ts';

export interface EffectContext {
  readonly state: AccountState;
  readonly strategy: StrategyState;
  /** Of the step that the effects are of. */
  readonly step: number;
  /** Set before, by name. */
  readonly timers: Readonly<Record<string, number>>;
  readonly ids: Ids;
}

export type Telling = Extract<StrategyEffect, { type: 'log' | 'metric' }>;

/** What a step's effects come to. */
export interface StepWishes {
  readonly commands: readonly ClientCommand[];
  /** The strategy's own name of the order that a command is about, in the order of the commands. */
  readonly subjects: readonly (string | null)[];
  readonly refs: readonly (readonly [orderId: string, ref: string])[];
  readonly timers: Readonly<Record<string, number>>;
  /** Told at once: they change nothing. */
  readonly tellings: readonly Telling[];
  /** Effects that cannot be done, in words. */
  readonly problems: readonly string[];
}

const stopLossOf = ({ stopLoss }: StrategyOrder): StopLossTerms | null =>
  stopLoss === undefined
    ? null
    : {
        stopPrice: stopLoss.stopPrice ?? null,
        limitPrice: stopLoss.limitPrice ?? null,
        trailingOffset: stopLoss.trailingOffset ?? null,
        trailingOffsetType: stopLoss.trailingOffsetType ?? null,
      };

/** `key` is strategy:step:index: the same step asks for the same order, however often it is tried. */
const placeCommand = (order: StrategyOrder, key: string, strategyId: string, ids: Ids): PlaceOrder => ({
  kind: 'placeOrder',
  clientOrderId: key,
  requestHash: key,
  orderId: ids.next(),
  takeProfitId: ids.next(),
  stopLossId: ids.next(),
  terms: {
    symbol: order.symbol,
    side: order.side,
    type: order.type ?? 'MARKET',
    quantity: order.quantity ?? null,
    notional: order.notional ?? null,
    limitPrice: order.limitPrice ?? null,
    stopPrice: order.stopPrice ?? null,
    trailingOffset: order.trailingOffset ?? null,
    trailingOffsetType: order.trailingOffsetType ?? null,
    timeInForce: order.timeInForce ?? 'DAY',
    expireAt: order.expireAt ?? null,
    postOnly: order.postOnly ?? false,
    reduceOnly: order.reduceOnly ?? false,
    displayQuantity: null,
    extendedHours: false,
  },
  takeProfit: order.takeProfit === undefined ? null : { limitPrice: order.takeProfit.limitPrice },
  stopLoss: stopLossOf(order),
  strategyId,
  origin: 'STRATEGY',
});

/** Collects what the effects of one step come to. */
class Wishes {
  readonly commands: ClientCommand[] = [];
  readonly subjects: (string | null)[] = [];
  readonly refs: (readonly [string, string])[] = [];
  readonly tellings: Telling[] = [];
  readonly problems: string[] = [];
  /** Timers, by name. */
  private readonly set: Map<string, number>;
  private readonly ctx: EffectContext;

  constructor(ctx: EffectContext) {
    this.ctx = ctx;
    this.set = new Map(Object.entries(ctx.timers));
  }

  get timers(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.set);
  }

  take(effect: StrategyEffect, index: number): void {
    switch (effect.type) {
      case 'place':
        this.place(effect.order, index);
        return;
      case 'close':
        this.close(effect, index);
        return;
      case 'replace':
        this.withOrder(effect.ref, (orderId) => ({
          kind: 'replaceOrder',
          orderId,
          requestId: this.key(index),
          ...effect.change,
        }));
        return;
      case 'cancel':
        this.withOrder(effect.ref, cancelCommand);
        return;
      case 'cancelAll':
        this.cancelAll(effect.symbol);
        return;
      case 'setTimer':
        this.set.set(effect.name, effect.at);
        return;
      case 'clearTimer':
        this.set.delete(effect.name);
        return;
      case 'log':
      case 'metric':
        this.tellings.push(effect);
    }
  }

  cancelAll(symbol: string | null): void {
    for (const [order, ref] of openOrdersOf(this.ctx.state, this.ctx.strategy)) {
      if (symbol === null || order.symbol === symbol) this.add(cancelCommand(order.id), ref);
    }
  }

  private key(index: number): string {
    const { step, strategy } = this.ctx;
    return `${strategy.terms.strategyId}:${String(step)}:${String(index)}`;
  }

  private add(command: ClientCommand, ref: string | null): void {
    this.commands.push(command);
    this.subjects.push(ref);
  }

  private place(order: StrategyOrder, index: number): void {
    const { ids, step, strategy } = this.ctx;
    const ref = order.ref ?? `${String(step)}.${String(index)}`;
    if (this.find(ref) !== null) {
      this.problems.push(`an open order is called ${ref} already: give the new one another ref`);
      return;
    }
    const command = placeCommand(order, this.key(index), strategy.terms.strategyId, ids);
    this.add(command, ref);
    this.refs.push([command.orderId, ref]);
    if (command.takeProfit !== null) this.refs.push([command.takeProfitId, `${ref}.takeProfit`]);
    if (command.stopLoss !== null) this.refs.push([command.stopLossId, `${ref}.stopLoss`]);
  }

  /** Not a reduce-only order: another strategy may hold the opposite on the same account. */
  private close({ symbol, quantity }: Extract<StrategyEffect, { type: 'close' }>, index: number): void {
    const held = this.ctx.strategy.holdings.get(symbol)?.quantity ?? 0n;
    if (held === 0n) {
      this.problems.push(`there is nothing of ${symbol} to close`);
      return;
    }
    if (quantity === null) this.cancelExits(symbol);
    const side = held > 0n ? 'SELL' : 'BUY';
    this.place({ symbol, side, quantity: quantity ?? formatDecimal(abs(held)) }, index);
  }

  /** Legs of brackets, which would close once more what is closed here, or what another strategy holds. */
  private cancelExits(symbol: string): void {
    for (const [order, ref] of openOrdersOf(this.ctx.state, this.ctx.strategy)) {
      if (order.symbol === symbol && order.parentId !== null) this.add(cancelCommand(order.id), ref);
    }
  }

  /** The open order of that name, or one that this very step places. */
  private find(ref: string): string | null {
    const own = this.refs.find(([, name]) => name === ref);
    if (own !== undefined) return own[0];
    const open = openOrdersOf(this.ctx.state, this.ctx.strategy).find(([, name]) => name === ref);
    return open?.[0].id ?? null;
  }

  private withOrder(ref: string, command: (orderId: string) => ClientCommand): void {
    const orderId = this.find(ref);
    if (orderId === null) this.problems.push(`there is no open order ${ref}`);
    else this.add(command(orderId), ref);
  }
}

const cancelCommand = (orderId: string): ClientCommand => ({
  kind: 'cancelOrder',
  orderId,
  reason: 'the strategy',
});

/** The effects of one step as commands; `cancelFirst`: all its open orders go before anything else. */
export const wishesOf = (
  effects: readonly StrategyEffect[],
  ctx: EffectContext,
  cancelFirst = false,
): StepWishes => {
  const wishes = new Wishes(ctx);
  if (cancelFirst) wishes.cancelAll(null);
  effects.forEach((effect, index) => {
    wishes.take(effect, index);
  });
  return wishes;
};

/** Whether an effect has to be committed; what is only told does not. */
export const isBinding = ({ type }: StrategyEffect): boolean => type !== 'log' && type !== 'metric';
