import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Bench, Figure } from './bench.ts';
import { type BenchGateway, openAccounts, startBenchGateway } from './load/bench-gateway.ts';
import { type LoadResult, runLoad } from './load/http-load.ts';
import { placingClients } from './load/placing-clients.ts';
import { startStockApollo } from './load/stock-apollo.ts';
import { median } from './median.ts';

const CLIENTS = 64;
const ROUNDS = 3;
const REFERENCE = 'stock Apollo on Express 5, same schema, document and variables, constant result';

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

/**
 * placeOrder over HTTP, authenticated, to the durable acknowledgement, with the orders filling meanwhile:
 * without and with traces exported. Both in turn with the reference, so that what disturbs the machine
 * disturbs all.
 */
export const orderPath: Bench = {
  name: 'order-path',
  async *run({ quick, gateway }) {
    const opened: { close(): Promise<void> }[] = [];
    const open = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
      const it = await starting;
      opened.push(it);
      return it;
    };
    try {
      const sink = await open(startTraceSink());
      const reference = await open(startStockApollo(CONSTANT));
      const [plain, traced] = await Promise.all([
        gateway(),
        open(startBenchGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: sink.url })),
      ]);
      const targets = [
        await targetOf(plain, `${plain.address}/graphql`),
        await targetOf(traced, `${traced.address}/graphql`),
      ];
      const [first] = targets;
      if (first === undefined) throw new Error('there is nothing to measure');
      const results = await measure(
        [{ ...first, url: reference.url, headers: {} }, ...targets],
        quick ? 0.8 : 15,
      );
      const [theirs = [], ours = [], exported = []] = results;
      yield* figures('', ours, theirs);
      yield* figures('otlp-', exported, theirs);
      if (sink.requests() === 0) throw new Error('no traces were exported');
    } finally {
      for (const it of opened.toReversed()) await it.close();
    }
  },
};

interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly accounts: readonly string[];
}

async function targetOf(gateway: BenchGateway, url: string): Promise<Target> {
  const accounts = await openAccounts(gateway, CLIENTS);
  return { url, headers: { authorization: gateway.authorization }, accounts };
}

/** The results of each target, in rounds over all of them. */
async function measure(targets: readonly Target[], seconds: number): Promise<readonly LoadResult[][]> {
  const results = targets.map((): LoadResult[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    const time = { seconds, warmUpSeconds: round === 0 ? 1.5 : 0.2 };
    for (const [index, target] of targets.entries()) {
      results[index]?.push(await loadOn(target, `r${String(round)}`, time));
    }
  }
  return results;
}

function* figures(
  prefix: string,
  ours: readonly LoadResult[],
  theirs: readonly LoadResult[],
): Iterable<Figure> {
  for (const [name, unit, pick] of [
    ['throughput', 'orders/s', (result: LoadResult) => result.perSecond],
    ['p50', 'ms', (result: LoadResult) => result.p50Ms],
    ['p95', 'ms', (result: LoadResult) => result.p95Ms],
  ] as const) {
    const value = median(ours.map(pick));
    const ratio = value / median(theirs.map(pick));
    yield { name: `${prefix}${name}`, value, unit, ratio, reference: REFERENCE };
  }
}

async function loadOn(
  { url, headers, accounts }: Target,
  run: string,
  time: { readonly seconds: number; readonly warmUpSeconds: number },
): Promise<LoadResult> {
  const result = await runLoad({ url, headers, ...time, ...placingClients(accounts, run) });
  if (result.bad > result.answered / 1_000) {
    throw new Error(`${String(result.bad)} orders were not placed, the first: ${result.firstBad ?? ''}`);
  }
  return result;
}

interface TraceSink {
  readonly url: string;
  requests(): number;
  close(): Promise<void>;
}

/** Takes traces in and throws them away: what it costs to send them is the gateway's. */
async function startTraceSink(): Promise<TraceSink> {
  let requests = 0;
  const server = createServer((incoming, response) => {
    requests += 1;
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
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
