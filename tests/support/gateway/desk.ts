import { randomUUID } from 'node:crypto';

import { type ApiClient, ApiRefusal } from './api-client.ts';
import type { AccountData, DenialData, OrderData } from './desk-data.ts';
import { until } from './until.ts';

export interface PlacedData {
  readonly order: OrderData;
  readonly replayed: boolean;
}

export type PlaceOutcome = PlacedData | DenialData;

/** Fields of PlaceOrderInput; what is left out is AAPL, BUY, MARKET, one share, with an id of its own. */
export type OrderInput = Readonly<Record<string, unknown>>;

export const ORDER_FIELDS = `id clientOrderId brokerOrderId symbol side type timeInForce expireAt status role origin
  quantity notional filledQuantity leavesQuantity averageFillPrice limitPrice stopPrice triggerPrice trailingOffset trailingOffsetType displayQuantity
  pending heldAt reason revision traceId`;
// `order` may be null here and not beside it, so that GraphQL wants another name for it.
const DENIAL = `... on OrderDenied { code message details kept: order { id status } }`;
export const PLACED = `__typename ... on OrderPlaced { replayed order { ${ORDER_FIELDS} } } ${DENIAL}`;
export const ACCOUNT_FIELDS = `id cash equity drawdown buyingPower realizedPnl tradingState
  limits { maxPositionNotional maxOrderNotional maxLeverage maxConcentration maxDrawdown maxDailyLoss maxOpenOrders
    maxOrdersPerSecond priceCollar }
  positions { symbol quantity averagePrice realizedPnl } balances { currency total available }`;
export const FILL_FIELDS = `id orderId executionId price quantity fee busted`;

export const PLACE = `mutation placeOrder($input: PlaceOrderInput!) { placeOrder(input: $input) { ${PLACED} } }`;
const PLACE_MANY = `mutation placeOrders($accountId: ID!, $inputs: [PlaceOrderInput!]!) {
  placeOrders(accountId: $accountId, inputs: $inputs) { ${PLACED} } }`;
const REPLACE = `mutation replaceOrder($input: ReplaceOrderInput!) { replaceOrder(input: $input) {
  ... on ReplaceRequested { order { ${ORDER_FIELDS} } } ${DENIAL} } }`;
const CANCEL = `mutation cancelOrder($id: ID!) { cancelOrder(id: $id) {
  ... on CancelRequested { order { ${ORDER_FIELDS} } } ${DENIAL} } }`;
const CANCEL_ALL = `mutation($accountId: ID!, $symbol: String) {
  cancelAllOrders(accountId: $accountId, symbol: $symbol) { ${ORDER_FIELDS} } }`;
const CLOSE = `mutation($accountId: ID!, $symbol: String!, $quantity: Decimal, $clientOrderId: String!) {
  closePosition(accountId: $accountId, symbol: $symbol, quantity: $quantity, clientOrderId: $clientOrderId) { ${PLACED} } }`;
const ORDER = `query($id: ID!) { order(id: $id) { ${ORDER_FIELDS} } }`;
const LEGS = `query($id: ID!) { order(id: $id) { legs { ${ORDER_FIELDS} } } }`;
const EVENT_TYPES = `query($id: ID!) { order(id: $id) { events(first: 500) { nodes { type } } } }`;
const ACCOUNT = `query($id: ID!) { account(id: $id) { ${ACCOUNT_FIELDS} } }`;
const ALERTS = `query($id: ID!) { riskAlerts(accountId: $id, first: 500) { nodes { code severity message } } }`;
const OPEN = `mutation($input: OpenAccountInput!) { openAccount(input: $input) { id } }`;
const SET_LIMITS = `mutation($accountId: ID!, $limits: RiskLimitsInput!) {
  setRiskLimits(accountId: $accountId, limits: $limits) { ${ACCOUNT_FIELDS} } }`;

/** No limit but the venue's own: for accounts that trade much. */
export const NO_LIMITS = {
  maxPositionNotional: null,
  maxLeverage: null,
  maxConcentration: null,
  maxDrawdown: null,
  maxDailyLoss: null,
} as const;

/** An account as its trader works with it. */
export interface Desk {
  readonly accountId: string;
  readonly client: ApiClient;
  input(order?: OrderInput): OrderInput;
  /** Whatever came of it. */
  place(order?: OrderInput): Promise<PlaceOutcome>;
  placeMany(orders: readonly OrderInput[]): Promise<readonly PlaceOutcome[]>;
  /** The order; throws when it is denied. */
  placed(order?: OrderInput): Promise<OrderData>;
  /** The denial; throws when it is placed. */
  denied(order?: OrderInput): Promise<DenialData>;
  replace(id: string, change: OrderInput): Promise<{ readonly order: OrderData } | DenialData>;
  cancel(id: string): Promise<{ readonly order: OrderData } | DenialData>;
  cancelAll(symbol?: string): Promise<readonly OrderData[]>;
  close(symbol: string, quantity?: string): Promise<PlaceOutcome>;
  order(id: string): Promise<OrderData>;
  legs(id: string): Promise<readonly OrderData[]>;
  eventTypes(id: string): Promise<readonly string[]>;
  /** The order once it has one of these statuses and nothing is pending. */
  settled(id: string, ...statuses: readonly string[]): Promise<OrderData>;
  account(): Promise<AccountData>;
  position(symbol: string): Promise<string>;
  alerts(): Promise<
    readonly { readonly code: string; readonly severity: string; readonly message: string }[]
  >;
  setLimits(limits: Readonly<Record<string, unknown>>): Promise<AccountData>;
}

export const isPlaced = (outcome: PlaceOutcome): outcome is PlacedData => 'replayed' in outcome;
export const isDenial = (outcome: object): outcome is DenialData => 'code' in outcome;

export async function openAccount(
  client: ApiClient,
  input: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { openAccount: opened } = await client.ask<{ openAccount: { id: string } }>(OPEN, {
    input: { name: 'e2e', broker: 'simulated', startingCash: '1000000', ...input },
  });
  return opened.id;
}

/** A new account, ready to trade, without limits unless `limits` says so. */
export async function openDesk(
  client: ApiClient,
  input: Readonly<Record<string, unknown>> = {},
  limits: Readonly<Record<string, unknown>> = NO_LIMITS,
): Promise<Desk> {
  const desk = deskOf(client, await openAccount(client, input));
  await desk.setLimits(limits);
  await readyToTrade(desk);
  return desk;
}

const READINESS = `query($input: PlaceOrderInput!) { previewOrder(input: $input) { denial { code } } }`;
/** What passes by itself while a broker connects and a market opens. */
const PASSING = new Set([
  'BROKER_NOT_READY',
  'STALE_QUOTE',
  'MARKET_CLOSED',
  'UNKNOWN_SYMBOL',
  'RECONCILING',
]);

/** Waits until an order would be judged by its terms alone. */
export async function readyToTrade(desk: Desk): Promise<void> {
  await until('an account that is ready to trade', async () => {
    const { previewOrder } = await insist(() =>
      desk.client.ask<{ previewOrder: { denial: { code: string } | null } }>(READINESS, {
        input: desk.input(),
      }),
    );
    return !PASSING.has(previewOrder.denial?.code ?? '');
  });
}

export function deskOf(client: ApiClient, accountId: string): Desk {
  const input = (order: OrderInput = {}): OrderInput => ({
    accountId,
    clientOrderId: `t-${randomUUID()}`,
    symbol: 'AAPL',
    side: 'BUY',
    type: 'MARKET',
    ...('notional' in order ? {} : { quantity: '1' }),
    ...order,
  });

  /** A broker that has just connected, or a market just opened, may take a moment. */
  const place = async (order?: OrderInput): Promise<PlaceOutcome> =>
    (await client.ask<{ placeOrder: PlaceOutcome }>(PLACE, { input: input(order) })).placeOrder;

  const orderOf = async (id: string): Promise<OrderData> => {
    const { order } = await client.ask<{ order: OrderData | null }>(ORDER, { id });
    if (order === null) throw new Error(`there is no order ${id}`);
    return order;
  };

  const accountOf = async (): Promise<AccountData> =>
    (await client.ask<{ account: AccountData }>(ACCOUNT, { id: accountId })).account;

  return {
    accountId,
    client,
    input,
    place,
    async placeMany(orders) {
      const inputs = orders.map(input);
      const answer = await client.ask<{ placeOrders: PlaceOutcome[] }>(PLACE_MANY, { accountId, inputs });
      return answer.placeOrders;
    },
    async placed(order) {
      const outcome = await place(order);
      if (isPlaced(outcome)) return outcome.order;
      throw new Error(`denied ${outcome.code}: ${outcome.message}`);
    },
    async denied(order) {
      const outcome = await place(order);
      if (isDenial(outcome)) return outcome;
      throw new Error(`not denied: ${JSON.stringify(outcome.order)}`);
    },
    async replace(id, change) {
      const answer = await client.ask<{ replaceOrder: { order: OrderData } | DenialData }>(REPLACE, {
        input: { id, requestId: randomUUID(), ...change },
      });
      return answer.replaceOrder;
    },
    async cancel(id) {
      return (await client.ask<{ cancelOrder: { order: OrderData } | DenialData }>(CANCEL, { id }))
        .cancelOrder;
    },
    async cancelAll(symbol) {
      const variables = { accountId, symbol: symbol ?? null };
      return (await client.ask<{ cancelAllOrders: OrderData[] }>(CANCEL_ALL, variables)).cancelAllOrders;
    },
    async close(symbol, quantity) {
      const variables = { accountId, symbol, quantity: quantity ?? null, clientOrderId: `c-${randomUUID()}` };
      return (await client.ask<{ closePosition: PlaceOutcome }>(CLOSE, variables)).closePosition;
    },
    order: orderOf,
    async legs(id) {
      return (await client.ask<{ order: { legs: OrderData[] } }>(LEGS, { id })).order.legs;
    },
    async eventTypes(id) {
      const { order } = await client.ask<{ order: { events: { nodes: { type: string }[] } } }>(EVENT_TYPES, {
        id,
      });
      return order.events.nodes.map(({ type }) => type);
    },
    async settled(id, ...statuses) {
      let last: OrderData | undefined;
      try {
        return await until(`order ${id} ${statuses.join(' or ')}`, async () => {
          last = await orderOf(id);
          return statuses.includes(last.status) && last.pending.length === 0 ? last : null;
        });
      } catch (cause) {
        throw new Error(`it stands at ${JSON.stringify(last)}`, { cause });
      }
    },
    account: accountOf,
    async position(symbol) {
      const { positions } = await accountOf();
      return positions.find((position) => position.symbol === symbol)?.quantity ?? '0';
    },
    async alerts() {
      const answer = await client.ask<{
        riskAlerts: { nodes: { code: string; severity: string; message: string }[] };
      }>(ALERTS, { id: accountId });
      return answer.riskAlerts.nodes;
    },
    async setLimits(limits) {
      return (await client.ask<{ setRiskLimits: AccountData }>(SET_LIMITS, { accountId, limits }))
        .setRiskLimits;
    },
  };
}

/** Asks again with the same content while the gateway says that it cannot tell, or is not there. */
export async function insist<T>(ask: () => Promise<T>, patienceMs?: number): Promise<T> {
  return await until(
    'an answer',
    async () => {
      try {
        return { answer: await ask() };
      } catch (error) {
        if (error instanceof ApiRefusal && error.code !== 'UNAVAILABLE') throw error;
        return null;
      }
    },
    patienceMs,
  ).then(({ answer }) => answer);
}
