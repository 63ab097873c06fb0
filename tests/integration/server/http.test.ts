import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { principalOf } from '../../support/api-world.ts';
import { type PublicApi, startPublicApi } from '../../support/server/public-api.ts';

let api: PublicApi;

beforeAll(async () => {
  api = await startPublicApi({ allowedOrigins: ['https://desk.example'] });
  api.tokens.set('good', principalOf('w1'));
  await api.journal.openAccount('a1', 'w1');
});
afterAll(() => api.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function send(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${api.address}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

function ask(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const code = (code: string): unknown => ({
  errors: [expect.objectContaining({ extensions: expect.objectContaining({ code }) })],
});

describe('GraphQL over HTTP', () => {
  it('answers a query of whoever sends a good token', async () => {
    const { status, body } = await ask(
      { query: '{ accounts { id name } }' },
      { authorization: 'Bearer good' },
    );
    expect(status).toBe(200);
    expect(body).toEqual({ data: { accounts: [{ id: 'a1', name: 'Main' }] } });
  });

  it('answers UNAUTHENTICATED without a token and with a bad one, but what is public to anybody', async () => {
    for (const headers of [{}, { authorization: 'Bearer bad' }, { 'x-api-key': 'bad' }]) {
      expect((await ask({ query: '{ accounts { id } }' }, headers)).body).toMatchObject(
        code('UNAUTHENTICATED') as object,
      );
      expect((await ask({ query: '{ health { version } }' }, headers)).body).toEqual({
        data: { health: { version: '1.2.3' } },
      });
    }
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
    'refuses %s with 405 and names the method that it takes',
    async (method) => {
      const { status, headers, body } = await send('/graphql?query=%7B__typename%7D', { method });
      expect(status).toBe(405);
      expect(headers.get('allow')).toBe('POST');
      expect(body).toEqual(code('METHOD_NOT_ALLOWED'));
    },
  );

  it.each([
    ['malformed JSON', '{"query": ', {}, 400, 'BAD_REQUEST'],
    ['an empty body', '', {}, 400, 'BAD_REQUEST'],
    ['a list of operations', '[{"query":"{__typename}"}]', {}, 400, 'BAD_REQUEST'],
    ['a text', 'query', { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a form',
      'query=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'an upload',
      '--x',
      { 'content-type': 'multipart/form-data; boundary=x' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['too much', JSON.stringify({ query: '#'.repeat(101_000) }), {}, 413, 'PAYLOAD_TOO_LARGE'],
  ])('answers %s in JSON', async (_what, body, headers, status, expected) => {
    const answer = await ask(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/json/);
    expect(answer.body).toMatchObject(code(expected) as object);
  });

  it('answers a syntax error, an unknown field and too many tokens with 400', async () => {
    const many = `{ ${'__typename '.repeat(1_001)} }`;
    for (const query of ['{ accounts ', '{ nothing }', many]) {
      expect((await ask({ query })).status).toBe(400);
    }
  });

  it('sends subscriptions to the WebSocket', async () => {
    const { status, body } = await ask({ query: 'subscription { quotes(symbols: ["AAPL"]) { symbol } }' });
    expect(status).toBe(400);
    expect(body).toMatchObject(code('BAD_REQUEST') as object);
  });

  it('answers a path that does not exist with 404 in JSON', async () => {
    const { status, body } = await send('/nothing');
    expect(status).toBe(404);
    expect(body).toEqual(code('NOT_FOUND'));
  });

  it('names wrong input by its path, wherever it stands', async () => {
    const headers = { authorization: 'Bearer good' };
    const place = 'mutation($o: PlaceOrderInput!) { placeOrder(input: $o) { __typename } }';
    const order = { accountId: 'a1', clientOrderId: 'c1', symbol: 'AAPL', side: 'BUY', type: 'LIMIT' };
    const cases: [object, string][] = [
      [{ query: place, variables: { o: { ...order, quantity: 1 } } }, 'input.quantity'],
      [{ query: place, variables: { o: { ...order, side: 'HOLD' } } }, 'input.side'],
      [{ query: place, variables: { o: { ...order, symbol: undefined } } }, 'input.symbol'],
      [{ query: place, variables: {} }, 'input'],
      [
        { query: place, variables: { o: { ...order, takeProfit: { limitPrice: 'x' } } } },
        'input.takeProfit.limitPrice',
      ],
      [
        {
          query:
            'mutation { placeOrder(input: { accountId: "a1", clientOrderId: "c", symbol: "A", side: BUY, type: LIMIT, quantity: 5 }) { __typename } }',
        },
        'input.quantity',
      ],
      [
        {
          query:
            'mutation($l: [PlaceOrderInput!]!) { placeOrders(accountId: "a1", inputs: $l) { __typename } }',
          variables: {
            l: [
              { ...order, quantity: '1' },
              { ...order, quantity: 'x' },
            ],
          },
        },
        'inputs[1].quantity',
      ],
    ];
    for (const [body, field] of cases) {
      const answer = await ask(body, headers);
      expect({ field, status: answer.status, body: answer.body }).toMatchObject({
        status: 400,
        body: { errors: [{ extensions: { code: 'BAD_USER_INPUT', field } }] },
      });
      expect(answer.body).not.toHaveProperty('data');
    }
  });

  it('never repeats a wrong value, which may be a secret', async () => {
    const query = 'mutation($i: SignInInput!) { signIn(input: $i) { __typename } }';
    const answer = await ask({ query, variables: { i: { email: 'a@b.c', password: { my: 'hunter2' } } } });
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
    expect(answer.body).toMatchObject({ errors: [{ extensions: { field: 'input.password' } }] });
  });
});

describe('requests and their traces', () => {
  it('takes over a well-formed correlation id, and makes one for any other', async () => {
    const own = await ask({ query: '{ __typename }' }, { 'x-correlation-id': 'order-flow-42' });
    expect(own.headers.get('x-correlation-id')).toBe('order-flow-42');
    const made = await ask({ query: '{ __typename }' }, { 'x-correlation-id': 'no spaces <allowed>' });
    expect(made.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('counts operations under their root field, and whatever clients make up under one name', async () => {
    await ask({ query: 'query Whatever { accounts { id } }', operationName: 'Whatever' });
    for (let index = 0; index < 5; index++) await ask({ query: `{ made${String(index)} }` });
    const text = await api.metricsText();
    expect(text).toMatch(/graphql_requests_total\{operation="accounts",transport="http",result="/);
    expect(text).toContain('operation="invalid"');
    expect(text).not.toMatch(/made\d|Whatever/);
    expect(text).toMatch(/graphql_request_seconds_bucket.*# \{traceId="[0-9a-f]{32}"\}/);
  });
});

describe('browsers', () => {
  it('may call from an allowed origin only', async () => {
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${api.address}/graphql`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
    const allowed = await preflight('https://desk.example');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://desk.example');
    const other = await preflight('https://evil.example');
    expect(other.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
  });

  it('get headers that forbid frames, sniffing and foreign content', async () => {
    const { headers } = await ask({ query: '{ __typename }' });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('operations', () => {
  it('tells liveness, readiness with reasons, metrics and keys', async () => {
    expect((await send('/healthz')).body).toEqual({ status: 'ok' });
    expect(await send('/readyz')).toMatchObject({ status: 200, body: { status: 'ready', reasons: [] } });
    Object.assign(api.readiness, { ready: false, reasons: ['database'] });
    expect(await send('/readyz')).toMatchObject({ status: 503, body: { reasons: ['database'] } });
    expect((await send('/healthz')).status).toBe(200);
    Object.assign(api.readiness, { ready: true, reasons: [] });
    expect((await send('/.well-known/jwks.json')).body).toEqual({ keys: [{ kid: 'one' }] });
    const metrics = await fetch(`${api.address}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('application/openmetrics-text');
    expect((await metrics.text()).trimEnd().endsWith('# EOF')).toBe(true);
    expect((await send('/metrics', { method: 'POST' })).status).toBe(405);
  });

  it('serves GraphiQL without an address of anywhere else', async () => {
    const response = await fetch(`${api.address}/graphiql`);
    const html = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(response.status).toBe(200);
    expect(html).not.toMatch(/https?:\/\//);
    expect(policy).not.toMatch(/https?:|\*/);
    const scripts = [...html.matchAll(/(?:src|href|from) ?=? ?"([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(scripts.length).toBeGreaterThan(1);
    for (const path of scripts) {
      const file = await fetch(new URL(path, api.address));
      expect([path, file.status]).toEqual([path, 200]);
    }
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    const tags = html.match(/<script[^>]*>/g) ?? [];
    expect(tags.every((tag) => tag.includes(`nonce="${nonce}"`))).toBe(true);
    expect((await fetch(`${api.address}/graphiql/static/../../package.json`)).status).toBe(404);
  });
});
