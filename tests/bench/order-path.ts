import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Bench, Figure } from './bench.ts';
import { type BenchGateway, openAccounts, startBenchGateway } from './load/bench-gateway.ts';
import { type LoadResult, runLoad } from './load/http-load.ts';
import { startStockApollo } from './load/stock-apollo.ts';
import { median } from './median.ts';

const CLIENTS = 64;
const ROUNDS = 3;
const REFERENCE = 'stock Apollo on Express 5, same schema, document and variables, constant result';

const DOCUMENT = `mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    ... on OrderPlaced { replayed order { id clientOrderId symbol side type quantity status createdAt } }
    ... on OrderDenied { code message }
  }
}`;

const CONSTANT = {
  Mutation: {
    placeOrder: {
      __typename: 'OrderPlaced',
      replayed: false,
      order: {
        id: '01a2062c-b185-7000-9c4e-9f09ff56fd28',
        clientOrderId: 'c-1',
        symbol: 'AAPL',
        side: 'BUY',
        type: 'MARKET',
        quantity: '1',
        status: 'SUBMITTED',
        createdAt: '2016-01-04T16:27:16.683Z',
      },
    },
  },
};

/** placeOrder over HTTP, authenticated, to the durable acknowledgement, with the orders filling meanwhile. */
export const orderPath: Bench = {
  name: 'order-path',
  async *run({ quick }) {
    const seconds = quick ? 4 : 15;
    yield* measure('', seconds, {});
    const sink = await startTraceSink();
    try {
      yield* measure('otlp-', seconds, { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url });
    } finally {
      await sink.close();
    }
  },
};

async function* measure(
  prefix: string,
  seconds: number,
  env: Readonly<Record<string, string>>,
): AsyncIterable<Figure> {
  const gateway = await startBenchGateway(env);
  const reference = await startStockApollo(CONSTANT);
  try {
    const accounts = await openAccounts(gateway, CLIENTS);
    const ours: LoadResult[] = [];
    const theirs: LoadResult[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const warmUpSeconds = round === 0 ? 3 : 0.5;
      theirs.push(await loadOn(reference.url, {}, accounts, `r${String(round)}`, seconds, warmUpSeconds));
      ours.push(await loadOnGateway(gateway, accounts, `g${String(round)}`, seconds, warmUpSeconds));
    }
    const of = (results: readonly LoadResult[], pick: (result: LoadResult) => number): number =>
      median(results.map(pick));
    const rate = of(ours, (result) => result.perSecond);
    const referenceRate = of(theirs, (result) => result.perSecond);
    yield {
      name: `${prefix}throughput`,
      value: rate,
      unit: 'orders/s',
      ratio: rate / referenceRate,
      reference: REFERENCE,
    };
    for (const [name, pick] of [
      ['p50', (result: LoadResult) => result.p50Ms],
      ['p95', (result: LoadResult) => result.p95Ms],
    ] as const) {
      const value = of(ours, pick);
      yield {
        name: `${prefix}${name}`,
        value,
        unit: 'ms',
        ratio: value / of(theirs, pick),
        reference: REFERENCE,
      };
    }
  } finally {
    await reference.close();
    await gateway.close();
  }
}

function loadOnGateway(
  gateway: BenchGateway,
  accounts: readonly string[],
  run: string,
  seconds: number,
  warmUpSeconds: number,
): Promise<LoadResult> {
  const url = `${gateway.address}/graphql`;
  return loadOn(url, { authorization: gateway.authorization }, accounts, run, seconds, warmUpSeconds);
}

/** Each client has an account of its own and buys and sells in turn, so that positions stay small. */
async function loadOn(
  url: string,
  headers: Readonly<Record<string, string>>,
  accounts: readonly string[],
  run: string,
  seconds: number,
  warmUpSeconds: number,
): Promise<LoadResult> {
  const sent = accounts.map(() => 0);
  const result = await runLoad({
    url,
    headers,
    clients: accounts.length,
    seconds,
    warmUpSeconds,
    body(client) {
      const number = (sent[client] = (sent[client] ?? 0) + 1);
      return JSON.stringify({
        query: DOCUMENT,
        operationName: 'PlaceOrder',
        variables: {
          input: {
            accountId: accounts[client],
            clientOrderId: `${run}-${String(number)}`,
            symbol: 'AAPL',
            side: number % 2 === 1 ? 'BUY' : 'SELL',
            type: 'MARKET',
            quantity: '1',
          },
        },
      });
    },
    isGood: (answer) => answer.includes('"replayed":false'),
  });
  if (result.bad > result.answered / 1_000) {
    throw new Error(`${String(result.bad)} orders were not placed, the first: ${result.firstBad ?? ''}`);
  }
  return result;
}

/** Takes traces in and throws them away: what it costs to send them is the gateway's. */
async function startTraceSink(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    incoming.resume();
    incoming.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
