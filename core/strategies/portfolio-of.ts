import type { StrategyOrderStatus, StrategyOrderView } from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';
import type { PortfolioData } from '@omniquant/plugin-sdk/strategy-view';

import type { AccountState } from '../engine/account-state.ts';
import { equityOf } from '../engine/decide/loss-guard.ts';
import type { DecideContext } from '../engine/decide-context.ts';
import type { Order } from '../orders/order.ts';
import { statusOf } from '../orders/status.ts';
import { ShownHoldings } from './shown-holdings.ts';
import type { StrategyState } from './strategy-state.ts';

const textOrNull = (value: Fixed | null): string | null => (value === null ? null : formatDecimal(value));

const viewOf = (order: Order, ref: string): StrategyOrderView => ({
  ref,
  symbol: order.symbol,
  side: order.side,
  type: order.type,
  status: statusOf(order) as StrategyOrderStatus,
  quantity: textOrNull(order.quantity),
  filledQuantity: formatDecimal(order.filledQuantity),
  limitPrice: textOrNull(order.limitPrice),
  stopPrice: textOrNull(order.stopPrice),
});

/** Open orders of a strategy with its names of them, in order of creation. */
export const openOrdersOf = (
  state: AccountState,
  { refs }: StrategyState,
): readonly (readonly [Order, string])[] => {
  const open: (readonly [Order, string])[] = [];
  for (const [orderId, ref] of refs) {
    const order = state.openOrderIds.has(orderId) ? state.orders.get(orderId) : undefined;
    if (order !== undefined) open.push([order, ref]);
  }
  return open;
};

/** What a strategy is shown of its account besides what the account is worth. */
export const holdingsOf = (
  state: AccountState,
  strategy: StrategyState,
  shown = new ShownHoldings(strategy.holdings),
): Omit<PortfolioData, 'equity'> => ({
  positions: shown.positions,
  orders: openOrdersOf(state, strategy).map(([order, ref]) => viewOf(order, ref)),
  realizedPnl: shown.realizedPnl,
  cash: toNumber(state.cash.get(state.baseCurrency) ?? 0n),
});

/** What a strategy is shown of its account. */
export const portfolioOf = (
  state: AccountState,
  strategy: StrategyState,
  ctx: DecideContext,
): PortfolioData => {
  const equity = equityOf(state, ctx);
  return { ...holdingsOf(state, strategy), equity: equity === null ? null : toNumber(equity) };
};
