import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { createApiClient, signIn } from '../support/gateway/api-client.ts';
import { leftBehind, makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { StartFailure, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import { until } from '../support/gateway/until.ts';
import { connect } from '../support/server/socket-client.ts';

jest.setTimeout(180_000);

/** NODE_OPTIONS of a process that gets a SIGINT when it is about to import a file or package. */
const interruptedAtImportOf = (file: string): string => {
  const hook = `import { registerHooks } from 'node:module';
    let isDone = false;
    registerHooks({ resolve(specifier, context, next) {
      if (!isDone && specifier === '${file}') { isDone = true; process.kill(process.pid, 'SIGINT'); }
      return next(specifier, context);
    } });`;
  return `--import=data:text/javascript,${encodeURIComponent(hook)}`;
};

describe('a gateway that is told to stop', () => {
  let dataDir: string;

  beforeAll(() => {
    dataDir = makeDataDir('shutdown');
  });
  afterAll(() => removeDataDir(dataDir));

  it.each([['./build-gateway.ts'], ['@omniquant/broker-simulated']])(
    'while it loads %s ends in one line and leaves nothing behind',
    async (file) => {
      const env = { NODE_OPTIONS: interruptedAtImportOf(file) };
      const failure: unknown = await startGatewayProcess({ dataDir, env }).then(
        async (gateway) => {
          await gateway.kill9();
          return 'it started';
        },
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(StartFailure);
      expect(failure).toMatchObject({
        end: { code: 1, signal: null },
        stderr: 'omniquant: stopped by SIGINT during the start\n',
      });
      expect(leftBehind(dataDir)).toEqual({ postgres: null, venue: null });
    },
  );

  it('is not ready but serves, then sends its sockets away and ends', async () => {
    const gateway = await startGatewayProcess({ dataDir, env: { DRAIN_MS: '4000' } });
    const init = { ...(await signIn(() => gateway.address, gateway.demo)).headers };
    const client = await connect(gateway.address.replace(/^http/, 'ws') + '/graphql', { init });
    client.subscribe('1', 'subscription { quotes(symbols: ["AAPL"]) { symbol } }');
    await client.next(['next'], '1');
    const ended = gateway.stop('SIGTERM');
    const ready = async (): Promise<number> => (await fetch(`${gateway.address}/readyz`)).status;
    await until('a gateway that is not ready', async () => (await ready()) === 503);
    const { health } = await createApiClient({ address: () => gateway.address }).ask<{
      health: { status: string };
    }>('{ health { status } }');
    expect(health.status).toBe('OK');
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    // A subscription that is not completed is one that clients begin anew elsewhere.
    expect(client.received.map(({ type }) => type)).not.toContain('complete');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(gateway.stderr()).toBe('');
    expect(leftBehind(dataDir)).toEqual({ postgres: null, venue: null });
  });
});
