import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { ApiClient } from './api-client.ts';
import { allPages } from './books.ts';

const ORDERS = `query($id: ID!, $after: String) { orders(accountId: $id, first: 100, after: $after) {
  nodes { id clientOrderId symbol side type timeInForce role quantity filledQuantity averageFillPrice limitPrice
    triggerPrice status createdAt } pageInfo { hasNextPage endCursor } } }`;
const FILLS = `query($id: ID!, $after: String) { fills(accountId: $id, first: 100, after: $after) {
  nodes { orderId at price quantity fee liquidity } pageInfo { hasNextPage endCursor } } }`;

/** An order without its ids, which are no two runs' alike. */
export interface TradedOrder {
  readonly symbol: string;
  readonly side: string;
  readonly type: string;
  readonly timeInForce: string;
  readonly role: string;
  readonly quantity: string | null;
  readonly filledQuantity: string;
  readonly averageFillPrice: string | null;
  readonly limitPrice: string | null;
  readonly triggerPrice: string | null;
  readonly status: string;
  readonly at: string;
}

interface TradedFill {
  /** Place of its order. */
  readonly order: number;
  readonly at: string;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string | null;
  readonly liquidity: string | null;
}

/** What was traded, in the order in which it was placed and filled, in words that are the same for all runs. */
export interface Trades {
  readonly orders: readonly TradedOrder[];
  readonly fills: readonly TradedFill[];
}

const iso = (at: number): string => new Date(at).toISOString();

export const backtestTrades = ({ fills, orders }: BacktestResult): Trades => ({
  orders: orders.map((order) => ({
    ...{ symbol: order.symbol, side: order.side, type: order.type, timeInForce: order.timeInForce },
    ...{ role: order.role, quantity: order.quantity, filledQuantity: order.filledQuantity },
    ...{ averageFillPrice: order.averageFillPrice, limitPrice: order.limitPrice },
    ...{ triggerPrice: order.stopPrice, status: order.status, at: iso(order.at) },
  })),
  fills: fills.map(({ at, fee, liquidity, orderId, price, quantity }) => ({
    order: orders.findIndex(({ id }) => id === orderId),
    ...{ at: iso(at), price, quantity, fee, liquidity },
  })),
});

interface ApiOrder extends Omit<TradedOrder, 'at'> {
  readonly id: string;
  readonly clientOrderId: string;
  readonly createdAt: string;
}
type ApiFill = Omit<TradedFill, 'order'> & { readonly orderId: string };

/** Of an account, as the API tells it. */
export async function paperTrades(client: ApiClient, accountId: string): Promise<Trades> {
  const orders = (await allPages<ApiOrder>(client, ORDERS, 'orders', { id: accountId })).toReversed();
  const fills = (await allPages<ApiFill>(client, FILLS, 'fills', { id: accountId })).toReversed();
  const places = new Map(orders.map(({ id }, place) => [id, place]));
  return {
    orders: orders.map(({ clientOrderId: _own, createdAt, id: _id, ...order }) => ({
      ...order,
      at: iso(Date.parse(createdAt)),
    })),
    fills: fills.map(({ at, orderId, ...fill }) => ({
      order: places.get(orderId) ?? -1,
      ...fill,
      at: iso(Date.parse(at)),
    })),
  };
}
