import type { Order, OrderFill } from '../../orders/order.ts';
import { applyFill, emptyPosition } from '../../portfolio/apply-fill.ts';
import type { StrategyEvent } from '../../strategies/strategy-event.ts';
import { isRunning, NOT_BEGUN, type StrategyState } from '../../strategies/strategy-state.ts';
import type { JournaledEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';

/** Ended strategies that an account remembers; the read model has all of them. */
export const ENDED_KEPT = 50;

const forgetOldest = (state: AccountState): void => {
  const ended = [...state.strategies.values()].filter((strategy) => !isRunning(strategy));
  for (const { terms } of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) {
    state.strategies.delete(terms.strategyId);
  }
};

const begin = (state: AccountState, envelope: JournaledEvent, terms: StrategyState['terms']): void => {
  state.strategies.set(terms.strategyId, {
    terms,
    status: 'RUNNING',
    error: null,
    startedSeq: envelope.seq,
    startedAt: envelope.recordedAt,
    stoppedAt: null,
    restarts: 0,
    cancelOpenOrders: false,
    step: 0,
    // What happened before it began is not its concern.
    position: { ...NOT_BEGUN, seq: envelope.seq },
    saved: null,
    refs: new Map(),
    holdings: new Map(),
  });
};

/** Everything of strategies in an account's journal but what becomes of their orders. */
export const applyStrategyEvent = (
  state: AccountState,
  envelope: JournaledEvent,
  event: StrategyEvent,
): void => {
  if (event.type === 'STRATEGY_STARTED') {
    const { type: _, ...terms } = event;
    begin(state, envelope, terms);
    return;
  }
  const strategy = state.strategies.get(event.strategyId);
  if (strategy === undefined) return;
  switch (event.type) {
    case 'STRATEGY_STEPPED':
      strategy.step = event.step;
      strategy.position = event.position;
      strategy.saved = event.saved;
      for (const [orderId, ref] of event.refs) strategy.refs.set(orderId, ref);
      return;
    case 'STRATEGY_RESTARTED':
      strategy.restarts += 1;
      strategy.error = event.error;
      return;
    case 'STRATEGY_STOPPING':
      strategy.status = 'STOPPING';
      strategy.cancelOpenOrders = event.cancelOpenOrders;
      return;
    case 'STRATEGY_ENDED':
      strategy.status = event.status;
      strategy.error = event.error;
      strategy.stoppedAt = envelope.recordedAt;
      // Those that have ended stand in the order of their ends, so that the oldest of them is forgotten.
      state.strategies.delete(event.strategyId);
      state.strategies.set(event.strategyId, strategy);
      forgetOldest(state);
  }
};

const book = (
  state: AccountState,
  order: Order,
  side: Order['side'],
  { quantity, price }: Pick<OrderFill, 'quantity' | 'price'>,
): void => {
  const strategy = order.strategyId === null ? undefined : state.strategies.get(order.strategyId);
  if (strategy === undefined || quantity === 0n) return;
  const held =
    strategy.holdings.get(order.symbol) ?? emptyPosition(order.symbol, order.currency, order.multiplier);
  strategy.holdings.set(order.symbol, held);
  applyFill(held, side, quantity, price);
};

/** A fill of one of a strategy's orders goes into what the strategy holds. */
export const bookStrategyFill = (state: AccountState, order: Order, executionId: string): void => {
  const fill = order.fills.get(executionId);
  if (fill !== undefined && !fill.busted) book(state, order, order.side, fill);
};

/** `fill` as it was before the bust. */
export const bookStrategyBust = (state: AccountState, order: Order, fill: OrderFill | undefined): void => {
  if (fill === undefined || fill.busted) return;
  book(state, order, order.side === 'BUY' ? 'SELL' : 'BUY', fill);
};

/** The order has left memory: its name goes with it. */
export const forgetRef = (state: AccountState, order: Order): void => {
  if (order.strategyId !== null) state.strategies.get(order.strategyId)?.refs.delete(order.id);
};
