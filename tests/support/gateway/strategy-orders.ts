import type { ApiClient } from './api-client.ts';
import { allPages } from './books.ts';

const START = `mutation($input: StartStrategyInput!) { startStrategy(input: $input) { id } }`;
const ORDERS = `query($id: ID!, $after: String) { orders(accountId: $id, first: 100, after: $after) {
  nodes { clientOrderId strategyId side } pageInfo { hasNextPage endCursor } } }`;

export interface StrategyOrder {
  readonly clientOrderId: string;
  readonly strategyId: string | null;
  readonly side: 'BUY' | 'SELL';
}

/** Starts a strategy on AAPL; answers with its id. */
export async function startStrategy(
  client: ApiClient,
  accountId: string | null,
  strategy: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const input = { accountId, strategy, symbols: ['AAPL'], interval: 'MINUTE_1', ...settings };
  return (await client.ask<{ startStrategy: { id: string } }>(START, { input })).startStrategy.id;
}

/** Its orders, oldest first. */
export async function strategyOrders(
  client: ApiClient,
  accountId: string | null,
  strategyId: string | undefined,
): Promise<readonly StrategyOrder[]> {
  const all = await allPages<StrategyOrder>(client, ORDERS, 'orders', { id: accountId });
  return all.filter((order) => order.strategyId === strategyId).toReversed();
}

/** Of a strategy that buys and sells in turn: an order that was repeated or skipped is told. */
export function faultsInTurns(orders: readonly StrategyOrder[]): readonly string[] {
  const seen = new Set<string>();
  return orders.flatMap(({ clientOrderId, side }, at) => {
    const isRepeated = seen.has(clientOrderId);
    seen.add(clientOrderId);
    if (isRepeated) return [`${clientOrderId} is there twice`];
    return side === (at % 2 === 0 ? 'BUY' : 'SELL') ? [] : [`${clientOrderId} is out of turn: a ${side}`];
  });
}
