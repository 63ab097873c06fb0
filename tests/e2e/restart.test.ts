import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { verifyChains } from '../support/gateway/admin-database.ts';
import { type ApiClient, createApiClient, signIn } from '../support/gateway/api-client.ts';
import { allPages, readBooks, type ThreeBooks } from '../support/gateway/books.ts';
import { leftBehind, makeDataDir, makeEmptyDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type Desk, deskOf, openDesk, ORDER_FIELDS } from '../support/gateway/desk.ts';
import type { OrderData } from '../support/gateway/desk-data.ts';
import {
  type GatewayProcess,
  StartFailure,
  startGatewayProcess,
} from '../support/gateway/gateway-process.ts';
import { controlVenue } from '../support/gateway/venue-control.ts';
import { processList } from '../support/processes.ts';

const ORDERS = `query($id: ID!, $after: String) { orders(accountId: $id, first: 100, after: $after) {
  nodes { ${ORDER_FIELDS} } pageInfo { hasNextPage endCursor } } }`;

const ordersOf = ({ client, accountId }: Desk): Promise<readonly OrderData[]> =>
  allPages<OrderData>(client, ORDERS, 'orders', { id: accountId });

/** Processes that name a folder in their command line. */
const processesOf = (dataDir: string): readonly string[] =>
  processList()
    .filter(({ command }) => command.includes(dataDir))
    .map(({ command }) => command);

const startFailure = async (starting: Promise<unknown>): Promise<StartFailure> => {
  const failure: unknown = await starting.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure instanceof StartFailure) return failure;
  throw new Error(`it should not have started: ${String(failure)}`);
};

// Several starts of a whole gateway in one test.
jest.setTimeout(180_000);

describe('stopping and starting', () => {
  let parent: string;
  let dataDir: string;
  let gateway: GatewayProcess;

  const start = async (): Promise<ApiClient> => {
    gateway = await startGatewayProcess({ dataDir });
    return await signIn(() => gateway.address, gateway.demo);
  };

  beforeAll(() => {
    parent = makeEmptyDataDir('restart');
    dataDir = join(parent, 'data of a gateway');
    mkdirSync(dataDir, { mode: 0o711 });
  });

  afterAll(async () => {
    if (gateway.isRunning) await gateway.kill9();
    await removeDataDir(dataDir);
    await removeDataDir(parent);
  });

  it('Ctrl-C ends all processes; the next start finds every account, order, fill and position', async () => {
    const client = await start();
    expect(processesOf(dataDir).length).toBeGreaterThanOrEqual(2);
    const venue = controlVenue(dataDir);
    await venue.hold();
    await venue.advance(60_000);
    const desk = await openDesk(
      client,
      { name: 'Kept', startingCash: '250000' },
      { maxConcentration: '0.9' },
    );
    const bought = await desk.placed({ quantity: '20' });
    await desk.settled(bought.id, 'FILLED');
    const resting = await desk.placed({
      type: 'LIMIT',
      limitPrice: '55.5',
      quantity: '3',
      timeInForce: 'GTC',
    });
    await desk.settled(resting.id, 'ACCEPTED');
    const canceled = await desk.placed({ type: 'LIMIT', limitPrice: '54', timeInForce: 'GTC' });
    await desk.cancel(canceled.id);
    await desk.settled(canceled.id, 'CANCELED');
    await desk.denied({ symbol: 'NOPE' });
    const bracket = await desk.placed({
      quantity: '5',
      takeProfit: { limitPrice: '300' },
      stopLoss: { stopPrice: '50' },
    });
    await desk.settled(bracket.id, 'FILLED');
    for (const { id, role } of await desk.legs(bracket.id)) {
      await desk.settled(id, role === 'TAKE_PROFIT' ? 'ACCEPTED' : 'HELD');
    }

    const read = async (): Promise<{ books: ThreeBooks; orders: readonly OrderData[] }> => ({
      books: await readBooks({ dataDir, venue: controlVenue(dataDir), client, accountId: desk.accountId }),
      orders: await ordersOf(desk),
    });
    const before = await read();
    expect(before.books.database).toEqual(before.books.venue);
    const { demo } = gateway;

    expect(await gateway.stop('SIGINT')).toEqual({ code: 0, signal: null });
    expect(gateway.stderr()).toBe('');
    expect(processesOf(dataDir)).toEqual([]);
    expect(leftBehind(dataDir)).toEqual({ postgres: null, venue: null });

    await start();
    expect(gateway.demo).toEqual(demo);
    // The token of before still holds: the keys are kept, too.
    const after = await read();
    expect(after).toEqual(before);
    expect(after.books.api.account).toMatchObject({
      limits: { maxConcentration: '0.9' },
      positions: [{ symbol: 'AAPL', quantity: '25' }],
    });
    // And it goes on from there.
    const reopened = deskOf(client, desk.accountId);
    await reopened.cancel(resting.id);
    expect(await reopened.settled(resting.id, 'CANCELED')).toMatchObject({ quantity: '3' });
    await verifyChains(dataDir);
  });

  it('a second start on the same folder fails in one line, and does the first no harm', async () => {
    const { end, stderr } = await startFailure(startGatewayProcess({ dataDir }));
    expect(end).toEqual({ code: 1, signal: null });
    expect(stderr).toMatch(/^omniquant: [^\n]+\n$/);
    expect(stderr).toContain(String(gateway.pid));
    const { health } = await createApiClient({ address: () => gateway.address }).ask<{
      health: { status: string };
    }>('{ health { status } }');
    expect(health.status).toBe('OK');
  });

  it('goes on after a kill with the PostgreSQL and the venue that stood meanwhile', async () => {
    const standing = leftBehind(dataDir);
    expect(standing.postgres).not.toBeNull();
    expect(standing.venue).not.toBeNull();
    await gateway.kill9();
    expect(leftBehind(dataDir)).toEqual(standing);
    const client = await start();
    expect(leftBehind(dataDir)).toEqual(standing);
    const { accounts } = await client.ask<{ accounts: { name: string }[] }>('{ accounts { name } }');
    expect(accounts.map(({ name }) => name).sort()).toEqual(['Demo', 'Kept']);
    expect(await gateway.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(processesOf(dataDir)).toEqual([]);
  });
});

describe('a wrong setting', () => {
  let dataDir: string;

  afterEach(async () => {
    await removeDataDir(dataDir);
  });

  it.each([
    ['PORT', '70000'],
    ['FAILPOINT', 'nowhere:1'],
    ['REQUIRE_EMAIL_VERIFICATION', 'true', 'SMTP_URL'],
  ])('%s=%s stops the start with one line that names it', async (name, value, named = name) => {
    dataDir = makeDataDir('setting');
    const { end, stderr } = await startFailure(startGatewayProcess({ dataDir, env: { [name]: value } }));
    expect(end).toEqual({ code: 2, signal: null });
    expect(stderr).toMatch(new RegExp(`^omniquant: ${named} [^\\n]+\\n$`));
    expect(leftBehind(dataDir)).toEqual({ postgres: null, venue: null });
  });
});
