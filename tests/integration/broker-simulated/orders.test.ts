import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningVenue, startVenue } from '@omniquant/broker-simulated/start-venue';

import {
  approved,
  ask,
  type Connection,
  connectSimulated,
  soon,
} from '../../support/venue/simulated-connection.ts';

const ACCOUNT = 'account-1';

describe('orders at the simulated venue', () => {
  let dataDir: string;
  let venue: RunningVenue;
  let connection: Connection;

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'venue-'));
    venue = await startVenue({ dataDir, seed: 'orders', speed: 1 });
    connection = await connectSimulated(venue.url);
    await connection.sink.until(() => connection.sink.state === 'READY');
    await connection.broker.attach({ account: ACCOUNT, baseCurrency: 'USD', startingCash: '100000' }, soon());
  });

  afterEach(async () => {
    await connection.broker.close();
    await venue.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('fills a market order, and tells orders, fills, position and cash alike', async () => {
    const { broker, sink } = connection;
    const outcome = await broker.submit(approved(ACCOUNT, 'q-1'), soon());
    expect(outcome).toMatchObject({ kind: 'accepted', brokerOrderId: 'V1' });
    await sink.until(() => sink.kindsOf('q-1').includes('filled'));
    expect(sink.kindsOf('q-1')).toEqual(['accepted', 'filled']);

    const order = await broker.lookup(ACCOUNT, 'q-1', soon());
    expect(order).toMatchObject({ status: 'FILLED', filledQuantity: '10', brokerOrderId: 'V1' });
    expect(await broker.openOrders(ACCOUNT, soon())).toEqual([]);
    expect(await broker.positions(ACCOUNT, soon())).toEqual([{ symbol: 'AAPL', quantity: '10' }]);
    const { events, cursor } = await broker.fillsSince(ACCOUNT, null, soon());
    expect(events).toEqual(sink.events.filter(({ kind }) => kind === 'filled'));
    expect(await broker.fillsSince(ACCOUNT, cursor, soon())).toEqual({ events: [], cursor });
    expect(await broker.lookup(ACCOUNT, 'q-2', soon())).toBeNull();
  });

  it('coalesces commands of one turn, each with its own outcome', async () => {
    const { broker } = connection;
    const outcomes = await Promise.all([
      broker.submit(approved(ACCOUNT, 'a'), soon()),
      broker.submit(approved(ACCOUNT, 'a'), soon()),
      broker.submit(approved(ACCOUNT, 'b', { symbol: 'NOPE' }), soon()),
      broker.submit(approved(ACCOUNT, 'c', { quantity: '1000000' }), soon()),
      broker.submit(approved(ACCOUNT, 'd', { type: 'LIMIT', limitPrice: '1.001' }), soon()),
      broker.cancel({ account: ACCOUNT, venueOrderId: 'a', brokerOrderId: null, traceparent: null }, soon()),
      broker.cancel({ account: ACCOUNT, venueOrderId: 'z', brokerOrderId: null, traceparent: null }, soon()),
    ]);
    expect(outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.code : outcome.kind))).toEqual([
      'accepted',
      'DUPLICATE_ORDER_ID',
      'UNKNOWN_SYMBOL',
      'INSUFFICIENT_FUNDS',
      'INVALID_ORDER',
      'TOO_LATE',
      'UNKNOWN_ORDER',
    ]);
  });

  it('replaces a resting order under a new id and cancels it', async () => {
    const { broker, sink } = connection;
    const terms = { type: 'LIMIT' as const, limitPrice: '50' };
    await broker.submit(approved(ACCOUNT, 'r-0', terms), soon());
    const replaced = await broker.replace(
      {
        previousVenueOrderId: 'r-0',
        previousBrokerOrderId: null,
        order: approved(ACCOUNT, 'r-1', { ...terms, quantity: '5' }),
      },
      soon(),
    );
    expect(replaced.kind).toBe('accepted');
    expect(await broker.openOrders(ACCOUNT, soon())).toMatchObject([
      { venueOrderId: 'r-1', status: 'WORKING', terms: { quantity: '5' } },
    ]);
    expect(await broker.lookup(ACCOUNT, 'r-0', soon())).toMatchObject({ status: 'REPLACED' });
    await broker.cancel(
      { account: ACCOUNT, venueOrderId: 'r-1', brokerOrderId: null, traceparent: null },
      soon(),
    );
    await sink.until(() => sink.kindsOf('r-1').includes('canceled'));
    expect(sink.kindsOf('r-1')).toEqual(['replaced', 'canceled']);
    const late = await broker.replace(
      { previousVenueOrderId: 'r-1', previousBrokerOrderId: null, order: approved(ACCOUNT, 'r-2', terms) },
      soon(),
    );
    expect(late).toMatchObject({ kind: 'rejected', code: 'TOO_LATE' });
    await sink.until(() => sink.kindsOf('r-2').length > 0);
    expect(sink.kindsOf('r-2')).toEqual(['replaceRejected']);
  });

  it('tells orders that no gateway placed, busts and transfers', async () => {
    const { broker, sink } = connection;
    const { traceparent: _, ...order } = approved(ACCOUNT, 'x');
    const { account, venueOrderId: __, ...terms } = order;
    await ask(venue.url, 'POST', '/commands', {
      commands: [{ kind: 'submit', account, venueOrderId: null, terms }],
    });
    await sink.until(() => sink.events.some(({ kind }) => kind === 'filled'));
    expect(sink.events.every((event) => 'venueOrderId' in event && event.venueOrderId === null)).toBe(true);

    expect(await ask(venue.url, 'POST', '/executions/E1/bust')).toEqual({ busted: true });
    expect(await ask(venue.url, 'POST', '/executions/E1/bust')).toEqual({ busted: false });
    await sink.until(() => sink.events.some(({ kind }) => kind === 'busted'));
    expect(await broker.positions(ACCOUNT, soon())).toEqual([]);
    expect(await broker.balances(ACCOUNT, soon())).toEqual([{ currency: 'USD', total: '100000' }]);

    const transfer = { amount: '-12.5', currency: 'USD', reason: 'DIVIDEND', reference: 'd-1' };
    await ask(venue.url, 'POST', `/accounts/${ACCOUNT}/transfers`, transfer);
    await sink.until(() => sink.events.some(({ kind }) => kind === 'transfer'));
    expect(await broker.balances(ACCOUNT, soon())).toEqual([{ currency: 'USD', total: '99987.5' }]);
  });

  it('changes money and positions behind the back of its clients when told to', async () => {
    const { broker, sink } = connection;
    const change = { cash: '-5', position: { symbol: 'SPX', quantity: '-2.5' } };
    await ask(venue.url, 'POST', `/accounts/${ACCOUNT}/tamper`, change);
    expect(await broker.balances(ACCOUNT, soon())).toEqual([{ currency: 'USD', total: '99995' }]);
    expect(await broker.positions(ACCOUNT, soon())).toEqual([{ symbol: 'SPX', quantity: '-2.5' }]);
    expect(sink.events).toEqual([]);
    await expect(
      ask(venue.url, 'POST', `/accounts/${ACCOUNT}/tamper`, { position: { symbol: 'NOPE', quantity: '1' } }),
    ).rejects.toThrow('400');
  });

  it('finds an order by the id that the venue gave it, within its account', async () => {
    const { broker } = connection;
    const limit = { type: 'LIMIT' as const, limitPrice: '50' };
    const outcome = await broker.submit(approved(ACCOUNT, 'by-id', limit), soon());
    const brokerOrderId = outcome.kind === 'accepted' ? outcome.brokerOrderId : '';
    await broker.attach({ account: 'other', baseCurrency: 'USD', startingCash: '1' }, soon());
    const cancel = (account: string): Promise<unknown> =>
      ask(venue.url, 'POST', '/commands', {
        commands: [{ kind: 'cancel', account, venueOrderId: null, brokerOrderId }],
      });
    expect(await cancel('other')).toMatchObject({ outcomes: [{ code: 'UNKNOWN_ORDER' }] });
    expect(await cancel(ACCOUNT)).toMatchObject({ outcomes: [{ kind: 'accepted' }] });
  });

  it('keeps accounts in dollars only', async () => {
    const attach = { account: 'euro', baseCurrency: 'EUR', startingCash: '1' };
    await expect(connection.broker.attach(attach, soon())).rejects.toMatchObject({
      code: 'UNSUPPORTED_CURRENCY',
    });
  });

  it('has market data that never goes beyond its clock', async () => {
    const { broker, sink } = connection;
    const market = broker.marketData;
    if (market === undefined) throw new Error('the simulated broker has market data');
    expect((await market.instruments(soon())).map(({ symbol }) => symbol)).toEqual(['AAPL', 'SPX']);
    market.subscribe(['AAPL', 'SPX']);
    await sink.until(() => sink.quotes.length > 3 && sink.trades.length > 0);
    const clock = await market.setSpeed?.(600, soon());
    expect(clock?.speed).toBe(600);
    const days = await market.bars(
      { symbol: 'AAPL', interval: 'DAY_1', from: null, to: null, limit: 1_200 },
      soon(),
    );
    const now = (await market.clock(soon())).at;
    expect(days.length).toBeGreaterThan(600);
    expect(days.at(-1)?.isClosed).toBe(false);
    expect(days.every((bar, index) => bar.at < now && bar.at > (days[index - 1]?.at ?? 0))).toBe(true);
    expect(days[0]).toMatchObject({
      open: '64.5',
      high: '65.41',
      low: '64.5',
      close: '64.96',
      volume: '79237200',
    });
  });
});
