import type { Bench } from './bench.ts';
import { startBareSockets } from './load/bare-sockets.ts';
import { type BenchGateway, openAccounts, startBenchGateway } from './load/bench-gateway.ts';
import { type HerdCount, type SocketHerd, startHerd } from './load/socket-herd.ts';
import { median } from './median.ts';

const SUBSCRIBERS = 500;
/** Keys that share the sockets, as one may hold 200. */
const KEYS = 4;
const SUBSCRIPTION = `subscription Events($accountId: ID!) {
  orderEvents(accountId: $accountId) { cursor type at order { id status filledQuantity leavesQuantity } }
}`;

const PLACE = `mutation Place($accountId: ID!, $inputs: [PlaceOrderInput!]!) {
  placeOrders(accountId: $accountId, inputs: $inputs) { ... on OrderDenied { code message } }
}`;

const CANCEL = 'mutation Cancel($accountId: ID!) { cancelAllOrders(accountId: $accountId) { id } }';

const KEY = 'mutation Key($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';

/**
 * Events of one account to 500 subscribers, from the orders that cause them to the last socket, beside
 * a bare ws server that sends the very bytes. Receivers are a process of their own in both cases.
 */
export const fanOut: Bench = {
  name: 'fan-out',
  async *run({ quick }) {
    const gateway = await startBenchGateway();
    const bare = await startBareSockets();
    const herds: SocketHerd[] = [];
    try {
      const [accountId = ''] = await openAccounts(gateway, 1);
      const subscribers = await subscribe(gateway, accountId);
      herds.push(subscribers);
      const greetings = Array.from({ length: SUBSCRIBERS }, () => null);
      const listeners = await startHerd({ url: bare.url, protocol: null, greetings });
      herds.push(listeners);

      const ours: number[] = [];
      const theirs: number[] = [];
      const rounds = quick ? 3 : 9;
      // The first round warms up.
      for (let round = 0; round <= rounds; round += 1) {
        const received = await cause(gateway, { accountId, round, orders: quick ? 40 : 100 }, subscribers);
        await bare.sendToAll(received.sample);
        const reference = await listeners.count();
        if (round === 0) continue;
        ours.push(rateOf(received));
        theirs.push(rateOf(reference));
      }
      yield {
        name: 'delivered',
        value: median(ours),
        unit: 'events/s',
        ratio: median(ours) / median(theirs),
        reference: 'a bare ws server sending the same bytes to as many sockets',
      };
    } finally {
      for (const herd of herds) await herd.close();
      await bare.close();
      await gateway.close();
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

/** Places orders (three events each) far from the market and cancels them; answers with what the subscribers got of it. */
async function cause(
  gateway: BenchGateway,
  { accountId, round, orders }: { accountId: string; round: number; orders: number },
  subscribers: SocketHerd,
): Promise<HerdCount> {
  const inputs = Array.from({ length: orders }, (_, index) => ({
    ...{ accountId, symbol: 'AAPL', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' },
    ...{ clientOrderId: `${String(round)}-${String(index)}`, quantity: '1', limitPrice: '1' },
  }));
  const { placeOrders } = await gateway.graphql<{ placeOrders: { code?: string; message?: string }[] }>(
    PLACE,
    {
      accountId,
      inputs,
    },
  );
  const denied = placeOrders.find(({ code }) => code !== undefined);
  if (denied !== undefined) throw new Error(`an order was denied: ${JSON.stringify(denied)}`);
  const received = await subscribers.count();
  if (!received.even) throw new Error('subscribers of one account got different numbers of events');
  await gateway.graphql(CANCEL, { accountId });
  await subscribers.count();
  return received;
}

function rateOf({ messages, seconds }: HerdCount): number {
  if (messages === 0) throw new Error('nothing was received');
  return messages / seconds;
}
