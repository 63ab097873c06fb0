import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';

import { principalOf } from '../../support/api-world.ts';
import { type PublicApi, startPublicApi } from '../../support/server/public-api.ts';
import { connect } from '../../support/server/socket-client.ts';

const LIMITS = { operationsPerSocket: 3, socketsPerPrincipal: 2, socketsPerAddress: 4 };
/** Deadlines that every client of a server has to meet: of servers of their own, of which one test is the client. */
const INIT_TIMEOUT_MS = 100;
const PING_INTERVAL_MS = 1_000;
const QUOTES = 'subscription { quotes(symbols: ["AAPL"]) { symbol last } }';
const GOOD = { authorization: 'Bearer good' };

let api: PublicApi;
beforeAll(async () => {
  api = await startPublicApi({ limits: LIMITS, allowedOrigins: ['https://desk.example'] });
  await api.journal.openAccount('a1', 'w1');
});
beforeEach(() => {
  api.tokens.clear();
  api.tokens.set('good', principalOf('w1'));
});
afterAll(() => api.close());

/** The status with which an upgrade is refused. */
function refusal(headers: Record<string, string>, address = api.socketAddress): Promise<number> {
  const socket = new WebSocket(address, ['graphql-transport-ws'], { headers });
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}

describe('close codes of graphql-transport-ws', () => {
  it('4408 without connection_init in time', async () => {
    const own = await startPublicApi({ limits: { initTimeoutMs: INIT_TIMEOUT_MS } });
    const client = await connect(own.socketAddress, { init: null });
    expect(await client.closed).toMatchObject({ code: 4408 });
    await own.close();
  });

  it('4403 for a bad token', async () => {
    const client = await connect(api.socketAddress, { init: null });
    client.send({ type: 'connection_init', payload: { authorization: 'Bearer bad' } });
    expect(await client.closed).toMatchObject({ code: 4403 });
  });

  it('4401 for an operation before the acknowledgement', async () => {
    const client = await connect(api.socketAddress, { init: null });
    client.subscribe('1', QUOTES);
    expect(await client.closed).toMatchObject({ code: 4401 });
  });

  it('4429 for a second connection_init', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.send({ type: 'connection_init' });
    expect(await client.closed).toMatchObject({ code: 4429 });
  });

  it('4409 for an id that is in use', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.subscribe('1', QUOTES);
    client.subscribe('1', QUOTES);
    expect(await client.closed).toMatchObject({ code: 4409 });
  });

  it.each([
    ['no JSON', '{"type":'],
    ['an unknown type', '{"type":"open_sesame"}'],
    ['an operation without a query', '{"type":"subscribe","id":"1","payload":{}}'],
    ['bytes', Buffer.from('{"type":"ping"}')],
  ])('4400 for %s', async (_what, message) => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.socket.send(message, { binary: Buffer.isBuffer(message) });
    expect(await client.closed).toMatchObject({ code: 4400 });
  });

  it('1009 for a message that is too large', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.send('x'.repeat(64_001));
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('4406 without the subprotocol; with another one there is no connection', async () => {
    const client = await connect(api.socketAddress, { protocol: null, init: null });
    expect(await client.closed).toMatchObject({ code: 4406 });
    await expect(connect(api.socketAddress, { protocol: 'graphql-ws', init: null })).rejects.toThrow(
      /subprotocol/,
    );
  });

  it('1001 when the gateway shuts down', async () => {
    const own = await startPublicApi();
    const client = await connect(own.socketAddress);
    await own.close();
    expect(await client.closed).toMatchObject({ code: 1001 });
  });
});

describe('who may connect', () => {
  it('is who sends good credentials, in the payload or in the headers of the upgrade', async () => {
    api.tokens.set('key', principalOf('w1'));
    const ways = [
      { init: { Authorization: 'Bearer good' } },
      { init: { 'x-api-key': 'key' } },
      { init: {}, headers: GOOD },
    ];
    for (const way of ways) {
      const client = await connect(api.socketAddress, way);
      client.subscribe('1', '{ accounts { id } }');
      expect(await client.next(['next'])).toMatchObject({ payload: { data: { accounts: [{ id: 'a1' }] } } });
      expect(await client.next(['complete'])).toMatchObject({ id: '1' });
      client.close();
      await client.closed;
    }
  });

  it('gets only what is public without credentials', async () => {
    const client = await connect(api.socketAddress);
    client.subscribe('1', '{ health { version } }');
    expect(await client.next(['next'])).toMatchObject({
      payload: { data: { health: { version: '1.2.3' } } },
    });
    client.subscribe('2', QUOTES);
    expect(await client.next(['next', 'error'], '2')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    client.close();
    await client.closed;
  });

  it('is decided for browsers by the page that asks', async () => {
    const { host } = new URL(api.address);
    expect(await refusal({ origin: 'https://evil.example' })).toBe(403);
    expect(await refusal({ origin: 'null' })).toBe(403);
    expect(await refusal({ origin: 'https://desk.example' })).toBe(101);
    expect(await refusal({ origin: `http://${host}` })).toBe(101);
    expect(await refusal({}, api.socketAddress.replace('/graphql', '/other'))).toBe(404);
  });

  it('is bounded for an address and for a user', async () => {
    const open = [];
    for (let index = 0; index < LIMITS.socketsPerPrincipal; index++) {
      open.push(await connect(api.socketAddress, { init: GOOD }));
    }
    const third = await connect(api.socketAddress, { init: null });
    third.send({ type: 'connection_init', payload: GOOD });
    expect(await third.closed).toEqual({ code: 1013, reason: 'Too many connections' });
    for (let index = open.length; index < LIMITS.socketsPerAddress; index++) {
      open.push(await connect(api.socketAddress));
    }
    expect(await refusal({})).toBe(429);
    for (const client of open) client.close();
    await Promise.all(open.map((client) => client.closed));
  });
});

describe('the end of rights', () => {
  it('closes the socket when the token expires', async () => {
    api.tokens.set('short', { ...principalOf('w1'), expiresAt: Date.now() + 1_500 });
    const client = await connect(api.socketAddress, { init: { authorization: 'Bearer short' } });
    expect(await client.closed).toEqual({ code: 4403, reason: 'Expired' });
  });

  it('closes the sockets of whom a revocation concerns, and no others', async () => {
    api.tokens.set('other', { ...principalOf('w1'), userId: 'other', sessionId: 'other' });
    const client = await connect(api.socketAddress, { init: GOOD });
    const other = await connect(api.socketAddress, { init: { authorization: 'Bearer other' } });
    api.tokens.delete('good');
    api.bus.publish('revocation', { subject: 'session:session' });
    expect(await client.closed).toEqual({ code: 4403, reason: 'Revoked' });
    other.subscribe('1', '{ accounts { id } }');
    await other.next(['next']);
    other.close();
    await other.closed;
  });

  it('closes the socket when the rights have become others', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    api.tokens.set('good', principalOf('w1', 'VIEWER'));
    api.bus.publish('revocation', { subject: 'workspace:w1' });
    expect(await client.closed).toEqual({ code: 4403, reason: 'Rights changed' });
  });

  it('is noticed at the next event though the revocation was not heard', async () => {
    const own = await startPublicApi({ limits: { rightsFreshMs: 1 } });
    own.tokens.set('good', principalOf('w1'));
    const client = await connect(own.socketAddress, { init: GOOD });
    client.subscribe('1', QUOTES);
    own.market.tellQuote('AAPL', 1n);
    await client.next(['next']);
    own.tokens.delete('good');
    own.market.tellQuote('AAPL', 2n);
    expect(await client.closed).toEqual({ code: 4403, reason: 'Revoked' });
    expect(client.received).toEqual([]);
    await own.close();
  });
});

describe('operations on a socket', () => {
  it('are bounded in number', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    for (let id = 1; id <= LIMITS.operationsPerSocket + 1; id++) client.subscribe(String(id), QUOTES);
    expect(await client.next(['error'])).toMatchObject({
      id: String(LIMITS.operationsPerSocket + 1),
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    client.close();
    await client.closed;
  });

  it('are refused with the errors that HTTP gives', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.subscribe('syntax', '{ accounts ');
    expect(await client.next(['error'], 'syntax')).toMatchObject({
      payload: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }],
    });
    client.subscribe('field', '{ nothing }');
    expect(await client.next(['error'], 'field')).toMatchObject({
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    client.subscribe('input', 'query($id: ID!) { account(id: $id) { id } }', {});
    expect(await client.next(['next'], 'input')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'id' } }] },
    });
    client.subscribe('symbols', 'subscription($s: [String!]!) { quotes(symbols: $s) { symbol } }', {
      s: [5],
    });
    expect(await client.next(['next', 'error'], 'symbols')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'symbols[0]' } }] },
    });
    client.close();
    await client.closed;
  });

  it('end when the client says so', async () => {
    const client = await connect(api.socketAddress, { init: GOOD });
    client.subscribe('1', QUOTES);
    api.market.tellQuote('AAPL', 10n ** 18n);
    expect(await client.next(['next'])).toMatchObject({
      payload: { data: { quotes: { symbol: 'AAPL', last: '1' } } },
    });
    client.send({ type: 'complete', id: '1' });
    client.send({ type: 'ping', payload: { n: 1 } });
    expect(await client.next(['pong'])).toEqual({ type: 'pong', payload: { n: 1 } });
    api.market.tellQuote('AAPL', 2n * 10n ** 18n);
    client.send({ type: 'ping', payload: { n: 2 } });
    expect(await client.next(['pong'])).toEqual({ type: 'pong', payload: { n: 2 } });
    expect(client.received).toEqual([]);
    client.close();
    await client.closed;
  });

  it('go on as long as the client answers pings, and the socket is ended when it does not', async () => {
    const own = await startPublicApi({ limits: { pingIntervalMs: PING_INTERVAL_MS } });
    own.tokens.set('good', principalOf('w1'));
    const client = await connect(own.socketAddress, { init: GOOD });
    const silent = await connect(own.socketAddress, { init: GOOD });
    silent.socket.pause();
    let pings = 0;
    const alive = new Promise<void>((resolve) => {
      client.socket.on('ping', () => {
        pings += 1;
        if (pings === 4) resolve();
      });
    });
    await alive;
    expect(await own.metricsText()).toMatch(/omniquant_ws_sockets 1\b/);
    silent.close();
    client.close();
    await client.closed;
    await own.close();
  });
});
