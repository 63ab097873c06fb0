import { isDeepStrictEqual } from 'node:util';

import type { ApiAnswer } from '../gateway/api-client.ts';
import { type FollowedEvent, followQuery } from '../gateway/order-follower.ts';
import { until } from '../gateway/until.ts';
import type { GraphiqlPage } from './graphiql-page.ts';

export const DENIAL = '... on OrderDenied { code message details }';
export const ORDER =
  `id clientOrderId type side status pending quantity notional filledQuantity averageFillPrice
  limitPrice stopPrice trailingOffset revision`.replace(/\s+/g, ' ');

export interface ShownOrder {
  readonly id: string;
  readonly clientOrderId: string;
  readonly status: string;
  readonly quantity: string | null;
  readonly revision: number;
}
interface ShownDenial {
  readonly code: string;
}
export type Placed = Record<
  'placeOrder',
  { readonly replayed: boolean; readonly order: ShownOrder } | ShownDenial
>;

export interface GraphiqlTraderOptions {
  /** Where documents are typed. */
  readonly trading: GraphiqlPage;
  /** Where the account's events are followed. */
  readonly events: GraphiqlPage;
  readonly headers: Readonly<Record<string, string>>;
  readonly accountId: string;
}

/** Trades an account by hand, in two tabs of GraphiQL. */
export interface GraphiqlTrader {
  /** Ids by client order id. */
  readonly placed: Map<string, string>;
  idOf(clientOrderId: string): string;
  /** Types a document, presses the button, and reads the answer in the page. */
  run<T>(document: string): Promise<ApiAnswer<T>>;
  /** The data; throws when there is none. */
  ask<T>(document: string): Promise<T>;
  /** A document that places an order. */
  placing(clientOrderId: string, order: string): string;
  /** Throws when it is denied. */
  place(clientOrderId: string, order: string): Promise<ShownOrder>;
  /** Everything of the account, as GraphiQL shows it. */
  overview(): Promise<readonly unknown[]>;
  followed(): FollowedEvent[];
  /** Goes on in the second tab after the last event that it was told; after `firstCursor` if there was none. */
  follow(firstCursor: string): Promise<void>;
  shownAsFollowed(orderId: string, type: string): Promise<unknown>;
  /** Waits until the second tab shows the last event: the page draws it a moment after its socket has it. */
  lastEventDrawn(): Promise<unknown>;
}

export function createGraphiqlTrader(options: GraphiqlTraderOptions): GraphiqlTrader {
  const { trading, events, headers, accountId } = options;
  const placed = new Map<string, string>();

  async function run<T>(document: string): Promise<ApiAnswer<T>> {
    await trading.type(document);
    return await trading.answer<T>();
  }

  async function ask<T>(document: string): Promise<T> {
    const { data, errors } = await run<T>(document);
    if (data === undefined || data === null) throw new Error(JSON.stringify(errors));
    return data;
  }

  const placing = (clientOrderId: string, order: string): string =>
    `mutation { placeOrder(input: { accountId: "${accountId}", clientOrderId: "${clientOrderId}", symbol: "AAPL", ${order} }) ` +
    `{ ... on OrderPlaced { replayed order { ${ORDER} } } ${DENIAL} } }`;

  async function place(clientOrderId: string, order: string): Promise<ShownOrder> {
    const { placeOrder } = await ask<Placed>(placing(clientOrderId, order));
    if ('code' in placeOrder) throw new Error(JSON.stringify(placeOrder));
    placed.set(clientOrderId, placeOrder.order.id);
    return placeOrder.order;
  }

  async function overview(): Promise<readonly unknown[]> {
    const orders = await ask<object>(
      `{ orders(accountId: "${accountId}", first: 100) { nodes { ${ORDER} role legs { id role status } } } }`,
    );
    const books = await ask<object>(
      `{ account(id: "${accountId}") { cash realizedPnl equity positions { symbol quantity averagePrice } } ` +
        `fills(accountId: "${accountId}", first: 100) { nodes { id orderId executionId quantity price fee } } }`,
    );
    return [orders, books];
  }

  const followed = (): FollowedEvent[] =>
    events.told.map((result) => (result as { data: { orderEvents: FollowedEvent } }).data.orderEvents);

  async function follow(firstCursor: string): Promise<void> {
    const after = followed().at(-1)?.cursor ?? firstCursor;
    await events.setHeaders(headers);
    const document = followQuery().replaceAll(/\s+/g, ' ');
    await events.type(
      document
        .replace(/^subscription\(.*?\)/, 'subscription')
        .replace('$id', `"${accountId}"`)
        .replace('$after', `"${after}"`),
    );
    await events.follow();
  }

  const shownAsFollowed = (orderId: string, type: string): Promise<unknown> =>
    until(`${type} in the second tab`, () =>
      followed().some((event) => event.order.id === orderId && event.type === type),
    );

  const lastEventDrawn = (): Promise<unknown> =>
    until('the last event in the result pane', async () =>
      isDeepStrictEqual(await events.shown(), events.told.at(-1)),
    );

  return {
    placed,
    idOf: (clientOrderId) => placed.get(clientOrderId) ?? '',
    ...{ run, ask, placing, place, overview, followed, follow, shownAsFollowed, lastEventDrawn },
  };
}
