import { deepStrictEqual } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Bench } from './bench.ts';
import { type BenchGateway, openAccounts } from './load/bench-gateway.ts';
import { type LoadResult, runLoad } from './load/http-load.ts';
import { startStockApollo } from './load/stock-apollo.ts';
import { median } from './median.ts';

const CLIENTS = 32;
const ACCOUNTS = 16;
const ORDERS = 40;
const ROUNDS = 3;
const FILLED_WITHIN_MS = 60_000;
const REFERENCE =
  'stock Apollo on Express 5, same schema, document and variables, answering the same from memory';

const DOCUMENT = `query Orders($accountId: ID!) {
  orders(accountId: $accountId, first: 20) {
    nodes {
      id clientOrderId symbol side type quantity filledQuantity averageFillPrice status createdAt
      fills { nodes { executionId price quantity fee at } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

const PLACE = `mutation Place($accountId: ID!, $inputs: [PlaceOrderInput!]!) {
  placeOrders(accountId: $accountId, inputs: $inputs) { ... on OrderDenied { code message } }
}`;

interface Page {
  readonly orders: {
    readonly nodes: readonly {
      readonly status: string;
      readonly fills: { readonly nodes: readonly object[] };
    }[];
  };
}

/** The last 20 orders of an account with their fills over HTTP, from PostgreSQL, by callers with a token. */
export const query: Bench = {
  name: 'query',
  async *run({ quick, gateway: shared }) {
    const seconds = quick ? 0.6 : 10;
    const gateway = await shared();
    const accounts = await openAccounts(gateway, ACCOUNTS);
    await Promise.all(accounts.map((accountId) => trade(gateway, accountId)));
    const [first = ''] = accounts;
    const page = await gateway.graphql<Page>(DOCUMENT, { accountId: first });
    const reference = await startStockApollo({ Query: { ...page } });
    try {
      await compare(reference.url, first, page);
      const ours: LoadResult[] = [];
      const theirs: LoadResult[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const time = { seconds, warmUpSeconds: round === 0 ? 1.5 : 0.3 };
        theirs.push(await load(reference.url, {}, accounts, time));
        const { address, authorization } = gateway;
        ours.push(await load(`${address}/graphql`, { authorization }, accounts, time));
      }
      for (const [name, unit, pick] of [
        ['throughput', 'requests/s', (result: LoadResult) => result.perSecond],
        ['p50', 'ms', (result: LoadResult) => result.p50Ms],
        ['p95', 'ms', (result: LoadResult) => result.p95Ms],
      ] as const) {
        const value = median(ours.map(pick));
        yield { name, value, unit, ratio: value / median(theirs.map(pick)), reference: REFERENCE };
      }
    } finally {
      await reference.close();
    }
  },
};

/** Places market orders, buying and selling in turn, and waits until all have filled. */
async function trade(gateway: BenchGateway, accountId: string): Promise<void> {
  const inputs = Array.from({ length: ORDERS }, (_, index) => ({
    accountId,
    clientOrderId: `query-${String(index)}`,
    symbol: 'AAPL',
    side: index % 2 === 0 ? 'BUY' : 'SELL',
    type: 'MARKET',
    quantity: '1',
  }));
  const { placeOrders } = await gateway.graphql<{ placeOrders: { code?: string }[] }>(PLACE, {
    accountId,
    inputs,
  });
  const denied = placeOrders.find(({ code }) => code !== undefined);
  if (denied !== undefined) throw new Error(`an order was denied: ${JSON.stringify(denied)}`);
  for (const end = performance.now() + FILLED_WITHIN_MS; ;) {
    const { nodes } = (await gateway.graphql<Page>(DOCUMENT, { accountId })).orders;
    if (nodes.every(({ fills, status }) => status === 'FILLED' && fills.nodes.length > 0)) return;
    if (performance.now() > end) throw new Error('the orders did not fill within a minute');
    await sleep(50);
  }
}

/** A reference that answers something else measures something else. */
async function compare(url: string, accountId: string, page: Page): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: bodyFor(accountId),
  });
  deepStrictEqual(await response.json(), { data: page });
}

const bodyFor = (accountId: string): string =>
  JSON.stringify({ query: DOCUMENT, operationName: 'Orders', variables: { accountId } });

async function load(
  url: string,
  headers: Readonly<Record<string, string>>,
  accounts: readonly string[],
  time: { readonly seconds: number; readonly warmUpSeconds: number },
): Promise<LoadResult> {
  const bodies = accounts.map(bodyFor);
  const result = await runLoad({
    url,
    headers,
    ...time,
    clients: CLIENTS,
    body: (client) => bodies[client % bodies.length]!,
    isGood: (answer) => answer.startsWith('{"data":{"orders":{"nodes":[{'),
  });
  const { bad, firstBad } = result;
  if (bad > 0) throw new Error(`${String(bad)} bad answers, the first: ${firstBad ?? ''}`);
  return result;
}
