import type { Bench } from './bench.ts';
import { type BareSockets, startBareSockets } from './load/bare-sockets.ts';
import { type BenchGateway, openAccounts } from './load/bench-gateway.ts';
import { instant, type SocketHerd, startHerd } from './load/socket-herd.ts';
import { median } from './median.ts';

const SUBSCRIBERS = 500;
/** Keys that share the sockets, as one may hold 200. */
const KEYS = 4;
/** Of a limit order far from the market: initialized, submitted, accepted. */
const EVENTS_AN_ORDER = 3;
/** Single orders that wait for their answers at a time. */
const IN_FLIGHT = 8;

const SUBSCRIPTION = `subscription Events($accountId: ID!) {
  orderEvents(accountId: $accountId) { cursor type at order { id status filledQuantity leavesQuantity } }
}`;

const PLACE = `mutation Place($accountId: ID!, $inputs: [PlaceOrderInput!]!) {
  placeOrders(accountId: $accountId, inputs: $inputs) { ... on OrderDenied { code message } }
}`;

const KEY = 'mutation Key($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';

interface Case {
  readonly name: string;
  /** Orders of one request. */
  readonly atATime: number;
  /** The order of the bare sends that is most like ours. */
  readonly bareAtATime: number;
  readonly reference: string;
}

const BARE = 'a bare ws server that sends the same bytes to as many sockets';
const CASES: readonly Case[] = [
  // Few events are ready at a time, and go to everybody before there are more.
  { name: 'single', atATime: 1, bareAtATime: 1, reference: `${BARE}, one message to each in turn` },
  // All are ready at once: a socket takes many in a row, which costs network and receiver much less.
  { name: 'burst', atATime: 50, bareAtATime: 150, reference: `${BARE}, all messages of a socket in a row` },
];

/**
 * Events of one account to 500 subscribers of the gateway, from the request for the orders that cause them
 * to the last message at the last subscriber, beside a bare ws server that is told what to send. Receivers
 * are a process of their own in both cases.
 */
export const fanOut: Bench = {
  name: 'fan-out',
  async *run({ quick, gateway: shared }) {
    const gateway = await shared();
    const bare = await startBareSockets();
    const herds: SocketHerd[] = [];
    try {
      const [accountId = ''] = await openAccounts(gateway, 1);
      const subscribers = await subscribe(gateway, accountId);
      herds.push(subscribers);
      const greetings = Array.from({ length: SUBSCRIBERS }, () => null);
      const listeners = await startHerd({ url: bare.url, protocol: null, greetings });
      herds.push(listeners);

      for (const each of CASES) {
        const ours: number[] = [];
        const theirs: number[] = [];
        const rounds = quick ? 2 : 9;
        // The first round warms up.
        for (let round = 0; round <= rounds; round += 1) {
          const orders = {
            accountId,
            name: `${each.name}-${String(round)}`,
            atATime: each.atATime,
            orders: quick ? 24 : 50,
          };
          const received = await cause(gateway, orders, subscribers);
          const reference = await sendBare(bare, received.sample, each.bareAtATime, listeners);
          if (round === 0) continue;
          ours.push(received.perSecond);
          theirs.push(reference.perSecond);
        }
        yield {
          name: each.name,
          value: median(ours),
          unit: 'events/s',
          ratio: median(ours) / median(theirs),
          reference: each.reference,
        };
      }
    } finally {
      for (const herd of herds) await herd.close();
      await bare.close();
    }
  },
};

async function subscribe(gateway: BenchGateway, accountId: string): Promise<SocketHerd> {
  const secrets: string[] = [];
  for (let index = 0; index < KEYS; index += 1) {
    const input = { name: `fan-out ${String(index)}`, scopes: ['READ'] };
    const { createApiKey } = await gateway.graphql<{ createApiKey: { secret: string } }>(KEY, { input });
    secrets.push(createApiKey.secret);
  }
  const payload = { query: SUBSCRIPTION, variables: { accountId } };
  return await startHerd({
    url: `${gateway.address.replace('http', 'ws')}/graphql`,
    protocol: 'graphql-transport-ws',
    greetings: Array.from({ length: SUBSCRIBERS }, (_, index) => [
      JSON.stringify({ type: 'connection_init', payload: { 'x-api-key': secrets[index % KEYS] } }),
      JSON.stringify({ id: 'events', type: 'subscribe', payload }),
    ]),
  });
}

interface Received {
  readonly perSecond: number;
  /** What one subscriber got. */
  readonly sample: readonly string[];
}

/** Has messages sent and waits for them. Throws unless every socket gets each of them once. */
async function receive(herd: SocketHerd, each: number, send: () => Promise<unknown>): Promise<Received> {
  const started = instant();
  const [{ messages, lastAt, isEven, sample }] = await Promise.all([herd.count(each), send()]);
  if (!isEven) throw new Error('a subscriber missed an event, or got one twice');
  return { perSecond: (messages * 1_000) / (lastAt - started), sample };
}

interface Orders {
  readonly accountId: string;
  /** What their client ids begin with. */
  readonly name: string;
  readonly orders: number;
  readonly atATime: number;
}

/** Places orders far from the market, which rest; answers with what the subscribers got of it. */
async function cause(
  gateway: BenchGateway,
  { accountId, name, orders, atATime }: Orders,
  subscribers: SocketHerd,
): Promise<Received> {
  const inputs = Array.from({ length: orders }, (_, index) => ({
    ...{ accountId, symbol: 'AAPL', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' },
    ...{ clientOrderId: `${name}-${String(index)}`, quantity: '1', limitPrice: '1' },
  }));
  const place = async (): Promise<void> => {
    while (inputs.length > 0) {
      const { placeOrders } = await gateway.graphql<{ placeOrders: { code?: string }[] }>(PLACE, {
        accountId,
        inputs: inputs.splice(0, atATime),
      });
      const denied = placeOrders.find(({ code }) => code !== undefined);
      if (denied !== undefined) throw new Error(`an order was denied: ${JSON.stringify(denied)}`);
    }
  };
  return await receive(subscribers, orders * EVENTS_AN_ORDER, () =>
    Promise.all(Array.from({ length: IN_FLIGHT }, place)),
  );
}

function sendBare(
  bare: BareSockets,
  texts: readonly string[],
  atATime: number,
  listeners: SocketHerd,
): Promise<Received> {
  return receive(listeners, texts.length, () => bare.sendToAll({ texts, atATime }));
}
