import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';

import type { Bar } from '../../../core/market/bar.ts';
import { UnavailableError } from '../../../core/runtime/command-reply.ts';
import { DatabaseError } from '../../../gateway/database/database-error.ts';
import { principalOf } from '../../support/api-world.ts';
import { until } from '../../support/gateway/until.ts';
import { type PublicApi, startPublicApi } from '../../support/server/public-api.ts';
import { orderLife } from '../../support/server/scripted-journal.ts';
import { connect, type SocketClient } from '../../support/server/socket-client.ts';

const GOOD = { authorization: 'Bearer good' };
const ONE = 10n ** 18n;

let api: PublicApi;
beforeEach(async () => {
  api = await startPublicApi({ limits: { accountUpdateIntervalMs: 20 } });
  api.tokens.set('good', principalOf('w1'));
  await api.journal.openAccount('a1', 'w1');
});
afterEach(() => api.close());

async function data(client: SocketClient, id: string): Promise<Record<string, unknown>> {
  const { payload } = await client.next(['next'], id);
  return (payload as { data: Record<string, unknown> }).data;
}

/** Everything that was sent before this has been worked on. */
async function settled(client: SocketClient): Promise<void> {
  client.send({ type: 'ping' });
  await client.next(['pong']);
}

describe('quotes', () => {
  it('begin with the latest and skip to the latest for whoever is slow', async () => {
    api.market.tellQuote('AAPL', ONE);
    const client = await connect(api.socketAddress, { init: GOOD });
    client.subscribe('1', 'subscription { quotes(symbols: ["AAPL", "SPX"]) { symbol last } }');
    expect(await data(client, '1')).toEqual({ quotes: { symbol: 'AAPL', last: '1' } });
    // Told within one turn: the socket cannot take them in between.
    for (let price = 2n; price <= 1_000n; price++) api.market.tellQuote('AAPL', price * ONE);
    api.market.tellQuote('SPX', 7n * ONE);
    const seen: unknown[] = [];
    while (!JSON.stringify(seen).includes('SPX')) seen.push((await data(client, '1'))['quotes']);
    expect(seen.length).toBeLessThan(10);
    expect(seen.at(-2)).toEqual({ symbol: 'AAPL', last: '1000' });
    client.close();
  });

  it('of a symbol that does not exist are refused by its place', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.subscribe('1', 'subscription { quotes(symbols: ["AAPL", "NOPE"]) { symbol } }');
    expect(await client.next(['next', 'error'], '1')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'symbols[1]' } }] },
    });
    client.close();
  });
});

describe('bars', () => {
  it('arrive as they grow and close', async () => {
    const bar = (close: bigint, isClosed: boolean, at = 0): Bar => ({
      symbol: 'AAPL',
      interval: 'MINUTE_1',
      at,
      open: ONE,
      high: close,
      low: ONE,
      close,
      volume: null,
      isClosed,
      revision: 0,
    });
    const client = await connect(api.socketAddress, { init: GOOD });
    client.subscribe('1', 'subscription { bars(symbols: ["AAPL"], interval: MINUTE_1) { close isClosed } }');
    await settled(client);
    api.market.tellBar(bar(2n * ONE, false));
    expect(await data(client, '1')).toEqual({ bars: { close: '2', isClosed: false } });
    // The close of one bar is not conflated with the next bar.
    api.market.tellBar(bar(3n * ONE, true));
    api.market.tellBar(bar(4n * ONE, false, 60_000));
    expect(await data(client, '1')).toEqual({ bars: { close: '3', isClosed: true } });
    expect(await data(client, '1')).toEqual({ bars: { close: '4', isClosed: false } });
    client.close();
  });
});

describe('account updates', () => {
  it('come at once, after commits, and bounded in number', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.subscribe('1', 'subscription { accountUpdates(accountId: "a1") { id name tradingState } }');
    expect(await data(client, '1')).toEqual({
      accountUpdates: { id: 'a1', name: 'Main', tradingState: 'ACTIVE' },
    });
    const before = api.readers.queries.filter((name) => name === 'accountsByIds').length;
    for (let index = 0; index < 200; index++) await api.journal.append('a1', orderLife(`o${String(index)}`));
    await data(client, '1');
    const reads = api.readers.queries.filter((name) => name === 'accountsByIds').length - before;
    expect(reads).toBeLessThan(200);
    client.close();
    await client.closed;
  });
});

describe('equal subscriptions', () => {
  it('share one execution of each event, whatever their cursors', async () => {
    const query = `subscription($a: ID!, $after: String) {
      orderEvents(accountId: $a, after: $after) { cursor order { id parent { id } legs { id } } }
    }`;
    const clients = await Promise.all(
      Array.from({ length: 5 }, () => connect(api.socketAddress, { init: GOOD })),
    );
    const after = api.services.streamCursors.encode('a1', api.journal.headOf('a1'));
    for (const [index, client] of clients.entries()) {
      client.subscribe('mine', query, index % 2 === 0 ? { a: 'a1', after } : { a: 'a1' });
      await settled(client);
    }
    // Each execution makes its event's cursor once.
    const { streamCursors } = api.services;
    let executions = 0;
    Object.assign(api.services, {
      streamCursors: {
        ...streamCursors,
        encode: (accountId: string, seq: number) => {
          executions += 1;
          return streamCursors.encode(accountId, seq);
        },
      },
    });
    await api.journal.placeOrder('a1', 'o1');
    const texts = await Promise.all(
      clients.map(async (client) => {
        const events = [];
        for (let index = 0; index < 5; index++) events.push(await client.next(['next'], 'mine'));
        return JSON.stringify(events);
      }),
    );
    expect(new Set(texts).size).toBe(1);
    expect(executions).toBe(5);
    for (const client of clients) client.close();
  });
});

describe('errors', () => {
  const secret = 'duplicate key value violates "user_email_key"';
  const failing = (error: Error) =>
    startPublicApi({ services: { health: { health: () => Promise.reject(error) } } });

  async function ask(of: PublicApi): Promise<{ message: string; extensions: Record<string, unknown> }> {
    const response = await fetch(`${of.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-correlation-id': 'correlation-1' },
      body: JSON.stringify({ query: '{ health { version } }' }),
    });
    expect(response.status).toBe(200);
    const body = (await response.json()) as {
      errors: [{ message: string; extensions: Record<string, unknown> }];
    };
    return body.errors[0];
  }

  it('of the gateway say nothing but the ids under which the log has them', async () => {
    for (const error of [
      new Error(secret),
      new GraphQLError(secret, { extensions: { code: 'P0001', detail: secret } }),
    ]) {
      const own = await failing(error);
      const { message, extensions } = await ask(own);
      expect(JSON.stringify({ message, extensions })).not.toContain('user_email');
      expect(extensions).toEqual({
        code: 'INTERNAL',
        correlationId: 'correlation-1',
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      const line = own.log.find(({ level }) => level === 'error');
      expect((line?.fields['error'] as Error).message).toBe(secret);
      expect(line?.fields['correlationId']).toBe('correlation-1');
      expect(line?.fields['traceparent']).toContain(extensions['traceId']);
      await own.close();
    }
  });

  it('of a store that is away are UNAVAILABLE, with what became of a command', async () => {
    const away = await failing(new DatabaseError('DATABASE_UNAVAILABLE', 'host db.internal:5432 refused'));
    expect(await ask(away)).toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    expect(JSON.stringify(await ask(away))).not.toContain('db.internal');
    await away.close();
    const unknown = await failing(
      new GraphQLError('x', {
        originalError: new UnavailableError('UNKNOWN', 'the owner db.internal did not answer'),
        extensions: { clientOrderId: 'c1', secret },
      }),
    );
    expect(await ask(unknown)).toMatchObject({
      extensions: { code: 'UNAVAILABLE', outcome: 'UNKNOWN', clientOrderId: 'c1' },
    });
    expect(JSON.stringify(await ask(unknown))).not.toMatch(/db\.internal|user_email/);
    await unknown.close();
  });

  it('during a subscription end it rather than leave an event out', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.subscribe('1', 'subscription { accountUpdates(accountId: "a1") { name } }');
    await data(client, '1');
    Object.assign(api.services.accounts, {
      prices: () => {
        throw new Error(secret);
      },
    });
    await api.journal.placeOrder('a1', 'o1');
    const { payload } = await client.next(['error'], '1');
    expect(payload).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(JSON.stringify(payload)).not.toContain('user_email');
    client.close();
  });
});

describe('what a socket leaves behind', () => {
  it('is nothing: no subscription, no open read', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.subscribe('1', 'subscription { orderEvents(accountId: "a1") { cursor } }');
    client.subscribe('2', 'subscription { accountUpdates(accountId: "a1") { id } }');
    client.subscribe('3', 'subscription { quotes(symbols: ["AAPL"]) { symbol } }');
    await data(client, '2');
    await settled(client);
    expect(await api.metricsText()).toContain('subscriptions{operation="orderEvents"} 1');
    client.close();
    await client.closed;
    const ends = [
      'omniquant_ws_sockets 0',
      ...['orderEvents', 'accountUpdates', 'quotes'].map((name) => `subscriptions{operation="${name}"} 0`),
    ];
    await until('the end of all', async () => {
      const text = await api.metricsText();
      return ends.every((line) => text.includes(line)) && api.readers.stillOpen === 0;
    });
  });
});
