import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { WeightsJob } from '../../gateway/plugins/isolation/job-protocol.ts';
import { refusalOf } from '../support/gateway/api-client.ts';
import type { Desk } from '../support/gateway/desk.ts';
import { type Floor, openFloor } from '../support/gateway/floor.ts';
import { startStrategy, strategyOrders } from '../support/gateway/strategy-orders.ts';
import { until } from '../support/gateway/until.ts';

const START = 'mutation($input: StartStrategyInput!) { startStrategy(input: $input) { id } }';
const STRATEGY = 'query($id: ID!) { strategy(id: $id) { status error restarts } }';
const CHANGED = '... on PluginChanged { plugin { status } } ... on PluginChangeDenied { code message }';
const ENABLE = `mutation($name: String!) { enablePlugin(name: $name) { ${CHANGED} } }`;
const DISABLE = `mutation($name: String!) { disablePlugin(name: $name) { ${CHANGED} } }`;
const INVERSE = '@omniquant/optimizer-inverse-volatility';
const MINUTE = 60_000;
const SYMBOLS = ['AAPL', 'SPX'];

/** Optimizers that come with the gateway, as users and the gateway's own parts reach them. */
describe('optimizers of a running gateway', () => {
  let floor: Floor;
  let desk: Desk;

  beforeAll(async () => {
    floor = await openFloor({ JOB_WORKERS: '1' });
    desk = await floor.openDesk();
  });
  afterAll(async () => {
    await floor.close();
  });

  const input = (config: object) => ({
    ...{ accountId: desk.accountId, strategy: 'rebalance', symbols: SYMBOLS, interval: 'MINUTE_1' },
    config: { method: 'optimizer', optimizer: 'minimum-variance', ...config },
  });
  const look = async (id: string) =>
    (
      await floor.client.ask<{ strategy: { status: string; error: string | null; restarts: number } }>(
        STRATEGY,
        { id },
      )
    ).strategy;
  /** The market goes on until it is so. */
  const moveUntil = (what: string, ask: () => Promise<boolean>) =>
    until(what, async () => {
      await floor.venue.advance(MINUTE);
      await sleep(200);
      return ask();
    });

  it.each([
    [
      'a parameter out of its bounds',
      { optimizerConfig: { period: 1 } },
      { field: 'input.config.optimizerConfig.period', message: expect.stringContaining('must be >= 2') },
    ],
    [
      'a parameter that it has not',
      { optimizerConfig: { perid: 20 } },
      {
        field: 'input.config.optimizerConfig.perid',
        message: expect.stringContaining('is not a known option'),
      },
    ],
    [
      'an optimizer that nobody has',
      { optimizer: 'minimum-varience' },
      {
        field: 'input.config.optimizer',
        message: expect.stringContaining('the nearest is minimum-variance'),
      },
    ],
  ])('are not lent with %s', async (_what, config, refusal) => {
    expect(await refusalOf(floor.client, START, { input: input(config) })).toMatchObject({
      ...{ code: 'BAD_USER_INPUT', ...refusal },
    });
  });

  it('weigh the portfolio of a strategy that trades on paper', async () => {
    const { config, strategy, symbols } = input({
      optimizerConfig: { period: 3 },
      everyBars: 1,
      cashBuffer: 0.5,
    });
    const id = await startStrategy(floor.client, desk.accountId, strategy, { config, symbols });
    await moveUntil('orders of both symbols', async () => {
      const { positions } = await desk.account();
      return SYMBOLS.every((symbol) =>
        positions.some((held) => held.symbol === symbol && Number(held.quantity) > 0),
      );
    });
    expect(await look(id)).toEqual({ status: 'RUNNING', error: null, restarts: 0 });
    await floor.client.ask('mutation($id: ID!) { stopStrategy(id: $id) { status } }', { id });
    await moveUntil('its end', async () => (await look(id)).status === 'STOPPED');
  });

  it('whose plugin is disabled keep its strategies waiting, which go on when it is back', async () => {
    const own = await floor.openDesk();
    const config = { method: 'optimizer', optimizer: 'inverse-volatility', optimizerConfig: { period: 2 } };
    const settings = { symbols: SYMBOLS, config: { ...config, everyBars: 1, cashBuffer: 0.5 } };
    const id = await startStrategy(floor.client, own.accountId, 'rebalance', settings);
    const held = async () => (await own.account()).positions.length;
    await moveUntil('positions', async () => (await held()) > 0);

    const input = { ...settings, accountId: own.accountId, strategy: 'rebalance', interval: 'MINUTE_1' };
    await floor.client.ask(DISABLE, { name: INVERSE });
    const waiting = await until('the strategy to say so', async () => {
      const told = await look(id);
      return told.error === null ? null : told;
    });
    expect(waiting).toEqual({
      ...{ status: 'RUNNING', error: 'no plugin in use has the optimizer inverse-volatility', restarts: 1 },
    });
    expect(await refusalOf(floor.client, START, { input })).toMatchObject({
      field: 'input.config.optimizer',
    });
    // Far longer than a strategy that fails is begun again with.
    for (let minute = 0; minute < 5; minute += 1) await floor.venue.advance(MINUTE);
    expect(await look(id)).toEqual(waiting);

    await floor.client.ask(ENABLE, { name: INVERSE });
    const before = await strategyOrders(floor.client, own.accountId, id);
    await moveUntil(
      'more orders',
      async () => (await strategyOrders(floor.client, own.accountId, id)).length > before.length,
    );
    expect(await look(id)).toMatchObject({ status: 'RUNNING', restarts: 1 });

    // One that is to stop does not wait for it.
    await floor.client.ask(DISABLE, { name: INVERSE });
    await floor.client.ask('mutation($id: ID!) { stopStrategy(id: $id) { status } }', { id });
    await until('its end', async () => (await look(id)).status === 'STOPPED');
    await floor.client.ask(ENABLE, { name: INVERSE });
  });

  it('do jobs in the gateway’s pool, which has no thread before the first, and are counted', async () => {
    const { jobPool, metrics, pluginHost } = floor.local.gateway.cradle;
    const found = pluginHost.extension('optimizer', 'minimum-variance');
    const job = (count: number): WeightsJob => ({
      ...{ kind: 'weights', specifier: found?.specifier ?? '', id: 'minimum-variance' },
      config: { period: 3, shrinkage: 0 },
      request: {
        assets: [
          { symbol: 'CALM', closes: [100, 101, 100, 101].slice(0, count) },
          { symbol: 'WILD', closes: [100, 100, 104, 100].slice(0, count) },
        ],
      },
    });
    const { signal } = new AbortController();
    const weights = await jobPool.run(job(4), signal);
    // Of two assets a has (v(b) - c) / (v(a) + v(b) - 2c).
    const returns = [
      [0.01, 100 / 101 - 1, 0.01],
      [0, 0.04, 100 / 104 - 1],
    ] as const;
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const covariance = (a: readonly number[], b: readonly number[]) =>
      mean(a.map((value, at) => (value - mean(a)) * (b[at]! - mean(b))));
    const [calm, wild] = returns;
    const common = covariance(calm, wild);
    const expected =
      (covariance(wild, wild) - common) / (covariance(calm, calm) + covariance(wild, wild) - 2 * common);
    expect(weights?.['CALM']).toBeCloseTo(expected, 6);
    expect(weights?.['WILD']).toBeCloseTo(1 - expected, 6);
    expect(await jobPool.run(job(2), signal)).toBeNull();
    await expect(jobPool.run({ ...job(4), id: 'gone' }, signal)).rejects.toMatchObject({
      code: 'JOB_FAILED',
    });
    await until('nothing under way', () => jobPool.running === 0);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/omniquant_jobs_total\{kind="weights",result="DONE"\} 2/);
    expect(text).toMatch(/omniquant_jobs_total\{kind="weights",result="JOB_FAILED"\} 1/);
    expect(text).toMatch(/omniquant_jobs_running\{kind="weights"\} 0/);
    expect(text).toMatch(/omniquant_jobs_waiting\{kind="weights"\} 0/);
  });
});
