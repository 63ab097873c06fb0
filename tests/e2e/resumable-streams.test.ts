import { randomInt } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Random } from '@omniquant/plugin-sdk/random';

import { type ApiClient, createApiClient, signIn } from '../support/gateway/api-client.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type Desk, isDenial, openDesk, ORDER_FIELDS, type OrderInput } from '../support/gateway/desk.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import {
  cursorsOf,
  type FollowedEvent,
  followOrderEvents,
  followQuery,
  journalLines,
  lineOf,
  sequenceOf,
} from '../support/gateway/order-follower.ts';
import { until } from '../support/gateway/until.ts';
import { controlVenue } from '../support/gateway/venue-control.ts';
import { residentBytes } from '../support/processes.ts';
import { connect, type Message, type SocketClient } from '../support/server/socket-client.ts';
import { openSocketProxy } from '../support/socket-proxy.ts';

/*
 * The stream of order events of a gateway in a process of its own, on its PostgreSQL and with orders that
 * the venue fills, against the journal as the database holds it. STREAM_SEED repeats where the connection is cut.
 */
jest.setTimeout(180_000);

const SEED = Number(process.env.STREAM_SEED ?? randomInt(1_000_000));
const EVENTS = 10_000;
const CUTS = 20;
/** INITIALIZED, SUBMITTED, ACCEPTED, and FILLED or CANCELED. */
const EVENTS_OF_AN_ORDER = 4;
const BATCH = 100;

let dataDir: string;
let gateway: GatewayProcess;
let client: ApiClient;

beforeAll(async () => {
  console.log(`STREAM_SEED=${String(SEED)}`);
  dataDir = makeDataDir('streams');
  gateway = await startGatewayProcess({ dataDir });
  client = await signIn(() => gateway.address, gateway.demo);
  const venue = controlVenue(dataDir);
  await venue.hold();
  await venue.advance(60_000);
});

afterAll(async () => {
  if (gateway.isRunning) await gateway.kill9();
  await removeDataDir(dataDir);
});

/** Some fill, some are cancelled by the venue: all are done at once. */
const orderOf = (index: number): OrderInput =>
  index % 5 === 0
    ? { type: 'LIMIT', side: 'SELL', limitPrice: '180', timeInForce: 'IOC' }
    : { side: index % 2 === 0 ? 'SELL' : 'BUY' };

/** A place in the stream of the account from which on it is to be followed. */
async function begin(desk: Desk): Promise<string> {
  const { id } = await desk.placed();
  await desk.settled(id, 'FILLED');
  const last = (await cursorsOf(client, id)).at(-1);
  if (last === undefined) throw new Error(`order ${id} has no events`);
  return last;
}

const hasOpenOrders = async ({ accountId }: Desk): Promise<boolean> => {
  const { orders } = await client.ask<{ orders: { nodes: unknown[] } }>(
    'query($id: ID!) { orders(accountId: $id, first: 1, filter: { open: true }) { nodes { id } } }',
    { id: accountId },
  );
  return orders.nodes.length > 0;
};

/** Places orders, batch after batch; then one more, of which the last event of all is, and returns its id. */
async function trade(desk: Desk, orders: number): Promise<string> {
  for (let placed = 0; placed < orders; placed += BATCH) {
    const size = Math.min(BATCH, orders - placed);
    const outcomes = await desk.placeMany(Array.from({ length: size }, (_, index) => orderOf(index)));
    expect(outcomes.filter(isDenial)).toEqual([]);
  }
  await until('the end of all orders', async () => !(await hasOpenOrders(desk)));
  const { id } = await desk.placed({ type: 'LIMIT', limitPrice: '60', timeInForce: 'GTC' });
  await desk.settled(id, 'ACCEPTED');
  await desk.cancel(id);
  await desk.settled(id, 'CANCELED');
  return id;
}

const endsWith = (events: readonly FollowedEvent[], orderId: string): boolean =>
  events.at(-1)?.order.id === orderId && events.at(-1)?.type === 'CANCELED';

/** Every event of the journal after the cursor, once and in order. */
async function expectJournal(desk: Desk, after: string, events: readonly FollowedEvent[]): Promise<number> {
  const journal = await journalLines(dataDir, desk.accountId, sequenceOf(after));
  expect(events.map(lineOf)).toEqual(journal);
  return journal.length;
}

describe(`a stream that is cut again and again (STREAM_SEED=${String(SEED)})`, () => {
  it('10,000 events over 20 forced disconnects arrive with no gap and no duplicate', async () => {
    const desk = await openDesk(client, { startingCash: '10000000' });
    const after = await begin(desk);
    const proxy = await openSocketProxy(Number(new URL(gateway.address).port));
    const overProxy = createApiClient({
      address: () => `http://127.0.0.1:${String(proxy.port)}`,
      headers: client.headers,
    });
    const random = Random.fromSeed('cuts', SEED);
    const cuts = Array.from({ length: CUTS }, () => random.integer(1, EVENTS - 1)).sort((a, b) => a - b);
    let made = 0;
    const follower = followOrderEvents({
      client: overProxy,
      accountId: desk.accountId,
      after,
      onEvent() {
        const cutAt = cuts[made];
        if (cutAt === undefined || follower.events.length < cutAt || follower.connections <= made) return;
        made += 1;
        // Now and then the server does not notice that the client has gone.
        if (random.fraction() < 0.3) proxy.forgetClients();
        else proxy.cut();
      },
    });
    await trade(desk, EVENTS / EVENTS_OF_AN_ORDER);
    // Cuts that are due come with the next events: those on their way to a closed connection do not count.
    do {
      const last = await trade(desk, BATCH);
      await until('the last event', () => endsWith(follower.events, last));
    } while (made < CUTS);
    await follower.stop();
    await proxy.close();

    expect(await expectJournal(desk, after, follower.events)).toBeGreaterThanOrEqual(EVENTS);
    expect(made).toBe(CUTS);
    expect(follower.connections).toBe(CUTS + 1);
    await expectHistory(follower.events);
  });

  /** The order's own history says the same as the stream did, event for event. */
  async function expectHistory(events: readonly FollowedEvent[]): Promise<void> {
    const ids = [...new Set(events.map(({ order }) => order.id))];
    for (const id of ids.filter((_, index) => index % 500 === 0)) {
      const own = events.filter(({ order }) => order.id === id).map(({ cursor }) => cursor);
      expect(own).toEqual(await cursorsOf(client, id));
    }
  }
});

const SLOW = 100;
const SLOW_EVENTS = 6_000;
/** Large events, so that the operating system's buffers hold some hundred of them. */
const LARGE = followQuery(
  [1, 2, 3, 4, 5, 6].map((n) => `o${String(n)}: order { ${ORDER_FIELDS} }`).join(' '),
);
/** Queues without bound would be twice as much and more. */
const MEMORY = 350_000_000;

describe('subscribers that stop reading', () => {
  let desk: Desk;
  const slow: SocketClient[] = [];

  beforeAll(async () => {
    desk = await openDesk(client, { startingCash: '10000000' });
  });

  afterAll(() => {
    for (const socket of slow) socket.close();
  });

  const connectSlow = async (): Promise<SocketClient> =>
    connect(`${gateway.address.replace(/^http/, 'ws')}/graphql`, { init: { ...client.headers } });

  const metric = async (pattern: RegExp): Promise<number> => {
    const response = await fetch(`${gateway.address}/metrics`);
    return Number(pattern.exec(await response.text())?.[1] ?? 0);
  };
  const subscriptions = (): Promise<number> => metric(/^omniquant_subscriptions\{.*\} (\d+)$/m);
  const slowConsumers = (): Promise<number> =>
    metric(/^omniquant_subscriptions_ended_total\{.*cause="SLOW_CONSUMER".*\} (\d+)$/m);
  const sockets = (): Promise<number> => metric(/^omniquant_ws_sockets (\d+)$/m);

  /** Trades before a subscriber that reads everything; the most memory that the gateway held meanwhile. */
  async function tradeWatched(): Promise<number> {
    const after = await begin(desk);
    const quick = followOrderEvents({ client, accountId: desk.accountId, after, query: LARGE });
    let peak = 0;
    const watching = setInterval(() => (peak = Math.max(peak, residentBytes(gateway.pid))), 50);
    try {
      for (let traded = 0; traded < SLOW_EVENTS; traded += BATCH * EVENTS_OF_AN_ORDER) {
        const last = await trade(desk, BATCH);
        await until('the last event', () => endsWith(quick.events, last));
      }
    } finally {
      clearInterval(watching);
      await quick.stop();
    }
    await expectJournal(desk, after, quick.events);
    expect(quick.connections).toBe(1);
    return peak;
  }

  it('cost no memory, disturb nobody, are ended with SLOW_CONSUMER, and resume', async () => {
    const alone = await tradeWatched();

    const after = await begin(desk);
    for (let made = 0; made < SLOW; made += 1) {
      const socket = await connectSlow();
      slow.push(socket);
      socket.subscribe('1', LARGE, { id: desk.accountId, after });
      socket.send({ type: 'ping' });
      await socket.next(['pong']);
      socket.socket.pause();
    }
    const together = await tradeWatched();
    expect(together - alone).toBeLessThan(MEMORY);
    await until('the end of their subscriptions', async () => (await subscriptions()) === 0);
    console.log(JSON.stringify({ alone, together, slowConsumers: await slowConsumers() }));

    const [first, second, silent, ...others] = slow;
    if (first === undefined || second === undefined || silent === undefined) throw new Error('too few');
    for (const socket of others) socket.close();
    for (const socket of [first, second]) {
      const { events, end } = await readToEnd(socket);
      // Who was still being sent the past when its socket filled up is ended by the closing of the socket.
      expect(['SLOW_CONSUMER', 'closed']).toContain(end);
      const next = end === 'closed' ? await connectSlow() : socket;
      await expectRest(next, after, events);
    }

    // One that does not even read that loses its socket, and goes on with a new one.
    await until('the end of its socket', async () => (await sockets()) === 0);
    const { events, end } = await readToEnd(silent);
    expect(end).toBe('closed');
    await expectRest(await connectSlow(), after, events);
  });

  /** What comes until the subscription ends, and the code it ends with; or until the socket does. */
  async function readToEnd(socket: SocketClient): Promise<{ events: FollowedEvent[]; end: unknown }> {
    const events: FollowedEvent[] = [];
    const ended = new Promise<unknown>((resolve) => {
      socket.onMessage((message) => {
        if (message.type === 'next') events.push(eventIn(message));
        else resolve((message.payload as { extensions: { code: string } }[])[0]?.extensions.code);
      });
    });
    socket.socket.resume();
    return { end: await Promise.race([ended, socket.closed.then(() => 'closed')]), events };
  }

  /**
   * After the last of these events comes the rest of the journal. A client that was silent for as long as two pings
   * may find its socket closed behind what was still under way to it: it goes on with a new one.
   */
  async function expectRest(
    first: SocketClient,
    after: string,
    events: readonly FollowedEvent[],
  ): Promise<void> {
    const journal = await journalLines(dataDir, desk.accountId, sequenceOf(after));
    expect(events.length).toBeGreaterThan(0);
    expect(events.length).toBeLessThan(journal.length);
    const all = [...events];
    let pongs = 0;
    let socket = first;
    do {
      if (!isOpen(socket)) socket = await connectSlow();
      socket.onMessage((message) => {
        if (message.type === 'next') all.push(eventIn(message));
        if (message.type === 'pong') pongs += 1;
      });
      socket.subscribe('2', followQuery(), { id: desk.accountId, after: all.at(-1)?.cursor });
      await until('the rest', () => all.length >= journal.length || !isOpen(socket));
      if (isOpen(socket)) socket.send({ type: 'ping' });
      await until('an answer', () => pongs > 0 || !isOpen(socket));
    } while (pongs === 0);
    socket.close();
    expect(all.map(lineOf)).toEqual(journal);
  }
});

const isOpen = ({ socket }: SocketClient): boolean => socket.readyState === socket.OPEN;

function eventIn({ payload }: Message): FollowedEvent {
  return (payload as { data: { orderEvents: FollowedEvent } }).data.orderEvents;
}
