/**
 * What a new user does, against the real thing: start with the command of the README, sign in with what
 * the banner says, subscribe, paste the banner's order, see its fill, press Ctrl-C; start again and find
 * the order, its events and the position; stop as a supervisor would. Runs alone:
 *
 *   node tests/smoke/first-order.ts
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type ApiClient, createApiClient } from '../support/gateway/api-client.ts';
import { within } from '../support/gateway/until.ts';
import { type RunningProcess, stillRunning } from '../support/processes.ts';
import type { Banner } from './banner.ts';
import { npmStart, type StartedByNpm } from './npm-start.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** The replayed market is closed for a moment between two of its days; the order is then asked for again. */
const PASSING_DENIALS = new Set(['MARKET_CLOSED', 'STALE_QUOTE', 'BROKER_NOT_READY']);
const ATTEMPTS = 20;

const say = (text: string): void => {
  process.stdout.write(`smoke: ${text}\n`);
};

type PlaceResult = { readonly order: { readonly id: string } } | { readonly code: string };

interface OrderEvent {
  readonly type: string;
  readonly cursor: string;
  readonly order: { readonly id: string; readonly status: string; readonly filledQuantity: string };
}

/** The banner's subscription with what the test compares added. */
const EVENTS = `subscription Events($accountId: ID!, $after: String) {
  orderEvents(accountId: $accountId, after: $after) { type cursor order { id status filledQuantity } }
}`;

const HISTORY = `query History($id: ID!) { order(id: $id) { events(first: 50) { nodes { cursor type } } } }`;

const LOOK_BACK = `query LookBack($accountId: ID!, $id: ID!) {
  order(id: $id) { status filledQuantity fills(first: 10) { nodes { quantity price } } }
  account(id: $accountId) { positions { symbol quantity } }
}`;

/** By the banner's own mutation. */
async function signIn({ graphql, signIn: mutation }: Banner): Promise<ApiClient> {
  const address = (): string => new URL(graphql).origin;
  const { signIn: session } = await createApiClient({ address }).ask<{ signIn: { accessToken?: string } }>(
    mutation,
  );
  assert.ok(session.accessToken, 'signing in gives an access token');
  return createApiClient({ address, headers: { authorization: `Bearer ${session.accessToken}` } });
}

/** Pastes the banner's order; answers with the order's id and its client order id. */
async function placeFirstOrder(api: ApiClient, { placeOrder }: Banner): Promise<string> {
  assert.match(placeOrder, /clientOrderId: "first-1"/);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const text = placeOrder.replace('first-1', `first-${String(attempt)}`);
    const { placeOrder: result } = await api.ask<{ placeOrder: PlaceResult }>(text);
    if ('order' in result) return result.order.id;
    assert.ok(PASSING_DENIALS.has(result.code), `the first order was denied: ${JSON.stringify(result)}`);
    await sleep(500);
  }
  throw new Error('the market did not open for the first order');
}

/** Subscribes and reads on until an order has filled; answers with the events in between. */
async function eventsUntilFilled(
  api: ApiClient,
  query: string,
  variables: Readonly<Record<string, string | undefined>>,
  isOurs: (id: string) => boolean,
  onFirst: () => void = () => undefined,
): Promise<readonly OrderEvent[]> {
  const socket = api.socket();
  const seen: OrderEvent[] = [];
  try {
    for await (const { data, errors } of socket.iterate<{ orderEvents: OrderEvent }>({
      query,
      variables,
    })) {
      const event = data?.orderEvents;
      if (event === undefined) throw new Error(`the subscription failed: ${JSON.stringify(errors)}`);
      onFirst();
      if (!isOurs(event.order.id)) continue;
      seen.push(event);
      if (event.order.status === 'FILLED') return seen;
    }
  } finally {
    await socket.dispose();
  }
  throw new Error(`the subscription ended after ${seen.map(kindOf).join(', ')}`);
}

const PROBE = `mutation Probe($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }`;

/**
 * A subscription begins when the server has begun it, which nothing tells; so orders that cannot fill
 * are placed until both streams have shown one.
 */
async function untilFollowing(
  api: ApiClient,
  { accountId }: Banner,
  isFollowing: () => boolean,
): Promise<void> {
  const terms = { symbol: 'AAPL', side: 'BUY', type: 'LIMIT', limitPrice: '1', quantity: '1' };
  for (let attempt = 1; !isFollowing(); attempt += 1) {
    if (attempt > ATTEMPTS) throw new Error('the subscriptions did not begin');
    await api.ask(PROBE, { input: { accountId, clientOrderId: `probe-${String(attempt)}`, ...terms } });
    await sleep(500);
  }
}

async function checkPages(banner: Banner): Promise<void> {
  const base = new URL('/', banner.graphql);
  for (const path of ['healthz', 'readyz', 'metrics', 'graphiql', '.well-known/jwks.json']) {
    const { status } = await fetch(new URL(path, base), { signal: AbortSignal.timeout(10_000) });
    assert.equal(status, 200, `/${path} answers`);
  }
}

/** Stops it, and holds that it ended well and left nothing behind. */
async function stop(gateway: StartedByNpm, signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  const processes = gateway.processes();
  assertComplete(processes);
  const code = await gateway.stop(signal);
  assert.equal(code, 0, `the exit code after ${signal}; it printed:\n${gateway.output()}`);
  const left = stillRunning(processes).map(({ pid, command }) => `${String(pid)} ${command}`);
  assert.deepEqual(left, [], `what is left running after ${signal}`);
  say(`${signal}: exit code 0, nothing left running`);
}

/** Otherwise that nothing is left would hold of nothing. */
function assertComplete(processes: readonly RunningProcess[]): void {
  for (const part of ['gateway/main.ts', 'postgres', 'broker-simulated']) {
    assert.ok(
      processes.some(({ command }) => command.includes(part)),
      `${part} runs below npm`,
    );
  }
}

interface Traded {
  readonly banner: Banner;
  readonly orderId: string;
  /** All that happened to the order. */
  readonly history: readonly { readonly cursor: string; readonly type: string }[];
}

async function trade(gateway: StartedByNpm): Promise<Traded> {
  const { banner } = gateway;
  await checkPages(banner);
  const api = await signIn(banner);
  const placed: { id: string | null } = { id: null };
  const following = { filled: false, shown: false };
  // Until the order's id is known, all are kept: those of a denied attempt, and its first.
  const filled = eventsUntilFilled(
    api,
    EVENTS,
    { accountId: banner.accountId },
    (id) => placed.id === null || id === placed.id,
    () => (following.filled = true),
  );
  const shown = eventsUntilFilled(
    api,
    banner.orderEvents,
    {},
    () => true,
    () => (following.shown = true),
  );
  for (const stream of [filled, shown]) stream.catch(() => undefined);
  await untilFollowing(api, banner, () => following.filled && following.shown);
  placed.id = await placeFirstOrder(api, banner);
  const all = await within('the fill on the subscription', filled);
  await within("the fill on the banner's subscription", shown);
  const seen = all.filter(({ order }) => order.id === placed.id);
  assert.equal(seen.at(-1)?.order.filledQuantity, '10');
  const history = await historyOf(api, placed.id);
  // The order may have been placed before the subscription had begun, but then nothing is left out.
  assert.deepEqual(seen.map(kindOf), history.map(kindOf).slice(-seen.length));
  say(`order ${placed.id}: ${history.map(kindOf).join(', ')}`);
  return { banner, orderId: placed.id, history };
}

const kindOf = ({ type }: { readonly type: string }): string => type;

async function historyOf(api: ApiClient, id: string): Promise<Traded['history']> {
  const { order } = await api.ask<{ order: { events: { nodes: Traded['history'] } } }>(HISTORY, { id });
  return order.events.nodes;
}

async function findAgain(gateway: StartedByNpm, before: Traded): Promise<void> {
  const { banner } = gateway;
  assert.equal(banner.accountId, before.banner.accountId, 'the demo account is the same');
  assert.equal(banner.password, before.banner.password, "the demo user's password is the same");
  const api = await signIn(banner);
  const { order, account } = await api.ask<{
    order: { status: string; filledQuantity: string; fills: { nodes: { quantity: string }[] } };
    account: { positions: { symbol: string; quantity: string }[] };
  }>(LOOK_BACK, { accountId: banner.accountId, id: before.orderId });
  assert.equal(order.status, 'FILLED');
  assert.equal(order.filledQuantity, '10');
  const filled = order.fills.nodes.reduce((sum, { quantity }) => sum + Number(quantity), 0);
  assert.equal(filled, 10, 'the fills are there');
  assert.deepEqual(
    account.positions.map(({ symbol, quantity }) => `${symbol} ${quantity}`),
    ['AAPL 10'],
  );
  const variables = { accountId: banner.accountId, after: before.history[0]?.cursor };
  const again = await within(
    'the events since the cursor',
    eventsUntilFilled(api, EVENTS, variables, (id) => id === before.orderId),
  );
  assert.deepEqual(
    again.map(kindOf),
    before.history.slice(1).map(kindOf),
    'a subscription from a cursor of the first run goes on without gap or repetition',
  );
  say('the second start found the order, its fills, its events and the position');
}

const folder = mkdtempSync(join(tmpdir(), 'omniquant-smoke-'));
const settings = { DATA_DIR: join(folder, 'data'), PORT: '0' };
const started: StartedByNpm[] = [];

async function start(): Promise<StartedByNpm> {
  const gateway = await npmStart(ROOT, settings);
  started.push(gateway);
  say(`npm start: ready after ${gateway.readySeconds.toFixed(1)} s`);
  return gateway;
}

try {
  const first = await start();
  const traded = await trade(first);
  await stop(first, 'SIGINT');
  const second = await start();
  await findAgain(second, traded);
  await stop(second, 'SIGTERM');
  say('passed');
} catch (error) {
  for (const gateway of started) gateway.kill();
  say(`FAILED\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  say(`the gateway printed:\n${started.map((gateway) => gateway.output()).join('\n--\n')}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
