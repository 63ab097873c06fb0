import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type ApiClient, signIn } from '../support/gateway/api-client.ts';
import { runBacktest, standsAt } from '../support/gateway/backtests.ts';
import { type LocalGateway, startLocalGateway } from '../support/gateway/local-gateway.ts';
import { until } from '../support/gateway/until.ts';

/* Bars that a gateway keeps of its own market, from the quotes of the venue to a backtest of the API. */
jest.setTimeout(180_000);

/** Enough for sma-cross with short averages. */
const ENOUGH = 40;
const FAST = { config: { fast: 2, slow: 5, quantity: '1' }, interval: 'MINUTE_1' };

describe('a gateway that keeps the bars of its market', () => {
  let local: LocalGateway;
  let client: ApiClient;
  beforeAll(async () => {
    local = await startLocalGateway({ STORE_BARS: 'MINUTE_1', VENUE_SPEED: '600' });
    client = await signIn(() => local.address, local.demo);
  });
  afterAll(() => local.close());

  const stored = () => local.gateway.cradle.storedBars.series('any-workspace', AbortSignal.timeout(10_000));

  it('runs backtests on them, on the market of the simulated broker', async () => {
    const series = await until(
      'bars of AAPL',
      async () => (await stored()).find(({ rows, symbol }) => symbol === 'AAPL' && rows >= ENOUGH),
      120_000,
    );
    expect(series).toMatchObject({ interval: 'MINUTE_1', source: 'broker simulated', isOwn: false });
    expect(series.last - series.first).toBeGreaterThanOrEqual((ENOUGH - 1) * 60_000);
    const id = await runBacktest(client, FAST);
    const { eventsProcessed, resultHash } = await standsAt(client, id, 'COMPLETED');
    expect(resultHash).toMatch(/^[0-9a-f]{16}$/);
    expect(eventsProcessed).toBeGreaterThanOrEqual(ENOUGH);
  });
});
