import { request } from 'node:http';

import { describe, expect, it } from '@jest/globals';

import { startPublicApi } from '../../support/server/public-api.ts';

describe('the shutdown', () => {
  it('finishes what is under way, and is not ready meanwhile', async () => {
    const gate = Promise.withResolvers<undefined>();
    const entered = Promise.withResolvers<undefined>();
    const own = await startPublicApi({
      services: {
        health: {
          async health() {
            entered.resolve(undefined);
            await gate.promise;
            return { status: 'OK', version: '9', components: null };
          },
        } as never,
      },
    });
    const answer = fetch(`${own.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ health { version } }' }),
    });
    await entered.promise;
    own.server.drain();
    expect((await fetch(`${own.address}/readyz`)).status).toBe(503);
    const closed = own.close();
    gate.resolve(undefined);
    expect(await (await answer).json()).toEqual({ data: { health: { version: '9' } } });
    await closed;
    await expect(fetch(`${own.address}/healthz`)).rejects.toThrow();
  });

  it('gives up a request that does not end, with an answer', async () => {
    const own = await startPublicApi({
      limits: { requestTimeoutMs: 50 },
      services: { health: { health: () => new Promise(() => undefined) } as never },
    });
    const response = await fetch(`${own.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ health { version } }' }),
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      errors: [expect.objectContaining({ extensions: { code: 'UNAVAILABLE', outcome: 'UNKNOWN' } })],
    });
    await own.close();
  });

  it('tells a request that its client is gone', async () => {
    const gone = Promise.withResolvers<undefined>();
    const entered = Promise.withResolvers<undefined>();
    const own = await startPublicApi({
      services: {
        health: {
          health(context: { signal: AbortSignal }) {
            context.signal.addEventListener('abort', () => gone.resolve(undefined));
            entered.resolve(undefined);
            return gone.promise.then(() => ({ status: 'OK', version: '9', components: null }));
          },
        } as never,
      },
    });
    const outgoing = request(`${own.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    outgoing.on('error', () => undefined);
    outgoing.end(JSON.stringify({ query: '{ health { version } }' }));
    await entered.promise;
    outgoing.destroy();
    await gone.promise;
    await own.close();
  });
});
