import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { StrategyDefinition, VenueBar, VenueInstrument } from '@omniquant/plugin-sdk';
import { breakout } from '@omniquant/strategy-breakout';
import { smaCross } from '@omniquant/strategy-sma-cross';
import { MarketReplay } from '@omniquant/venue/market-replay';
import { loadRecordedSeries } from '@omniquant/venue/recorded-markets';

import { Backtest } from '../../core/backtest/backtest.ts';
import type { BacktestResult } from '../../core/backtest/backtest-result.ts';
import type { BacktestSettings } from '../../core/backtest/backtest-spec.ts';
import { type BarColumns, columnsOf, columnsSource } from '../../core/backtest/bar-source.ts';
import type { RiskLimits } from '../../core/risk/limits.ts';
import { checkStrategyParameters } from '../../gateway/plugins/strategy-parameters.ts';
import { settingsWith } from '../support/backtest/run-backtest.ts';
import { type ApiClient, signIn } from '../support/gateway/api-client.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { openDesk } from '../support/gateway/desk.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import { enterLockstep } from '../support/gateway/lockstep.ts';
import { backtestTrades, paperTrades, type Trades } from '../support/gateway/parity-trades.ts';
import { startStrategy } from '../support/gateway/strategy-orders.ts';
import { until } from '../support/gateway/until.ts';
import { controlVenue } from '../support/gateway/venue-control.ts';
import { bracketing } from '../support/plugins/bracketing-strategy.ts';
import { ask } from '../support/venue/simulated-connection.ts';

/* One strategy over one recorded day, on paper through a running gateway and as a backtest: the same orders and fills. */
jest.setTimeout(400_000);

const PLUGIN = fileURLToPath(new URL('../support/plugins/bracketing-strategy.ts', import.meta.url));
const MINUTE = 60_000;
const DAY = 86_400_000;
const CASH = '1000000';
/** Of the venue that a gateway runs by default. */
const SEED = '1';

interface Run {
  /** Of the recording; the venue's market begins with the first of them. */
  readonly day: string;
  /** UTC; the market closes at 21:00. */
  readonly to: string;
  readonly strategy: StrategyDefinition;
  readonly config: Readonly<Record<string, string | number | boolean>>;
}

const RUNS: readonly Run[] = [
  {
    day: '2016-01-04',
    to: '18:00',
    strategy: smaCross,
    config: { fast: 3, slow: 8, quantity: '25', allowShort: true },
  },
  {
    day: '2016-01-05',
    to: '18:00',
    strategy: breakout,
    config: {
      entryPeriod: 8,
      exitPeriod: 4,
      atrPeriod: 8,
      stop: 'trailing',
      stopMultiple: 1,
      allowShort: true,
    },
  },
  { day: '2016-01-06', to: '21:00', strategy: bracketing, config: { quantity: '10' } },
];

async function startRunning(
  client: ApiClient,
  accountId: string,
  { config, strategy }: Run,
): Promise<string> {
  const id = await startStrategy(client, accountId, strategy.id, { config });
  await until(`${strategy.id} running`, async () => (await statusOf(client, id)) === 'RUNNING');
  return id;
}

async function stopStrategy(client: ApiClient, id: string): Promise<void> {
  await client.ask('mutation($id: ID!) { stopStrategy(id: $id) { id } }', { id });
  await until(`the end of ${id}`, async () => (await statusOf(client, id)) === 'STOPPED');
}

async function statusOf(client: ApiClient, id: string): Promise<string> {
  const query = 'query($id: ID!) { strategy(id: $id) { status error } }';
  const { strategy } = await client.ask<{ strategy: { status: string; error: string | null } }>(query, {
    id,
  });
  if (strategy.error !== null) throw new Error(strategy.error);
  return strategy.status;
}

interface RecordedMarket {
  readonly bars: BarColumns;
  readonly instruments: readonly VenueInstrument[];
}

/** The minutes of the venue, from some days before for the warm-up. */
async function recordedMarket(url: string, from: number, to: number): Promise<RecordedMarket> {
  const bars: VenueBar[] = [];
  for (let since = from - 5 * DAY, isMore = true; isMore; since = (bars.at(-1)?.at ?? 0) + 1) {
    const query = `symbol=AAPL&interval=MINUTE_1&from=${String(since)}&to=${String(to)}`;
    const page = await ask<VenueBar[]>(url, 'GET', `/bars?${query}`);
    bars.push(...page);
    isMore = page.length > 0;
  }
  const instruments = await ask<VenueInstrument[]>(url, 'GET', '/instruments');
  return {
    bars: columnsOf(
      bars.map(({ at, close, high, low, open, volume }) => ({
        ...{ at, open: Number(open), high: Number(high), low: Number(low), close: Number(close) },
        volume: volume === null ? null : Number(volume),
      })),
    ),
    instruments: instruments.filter(({ symbol }) => symbol === 'AAPL'),
  };
}

interface Tested {
  readonly result: BacktestResult;
  readonly trades: Trades;
}

function backtestOf(
  { config, strategy }: Run,
  { bars, instruments }: RecordedMarket,
  terms: Pick<BacktestSettings, 'from' | 'to' | 'limits'>,
): Tested {
  const checked = checkStrategyParameters(strategy, config, { symbols: ['AAPL'], interval: 'MINUTE_1' });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const settings = settingsWith({
    ...terms,
    ...{ strategy: strategy.id, config: checked.config, symbols: ['AAPL'], instruments, startingCash: CASH },
    fees: { model: 'PER_UNIT', perUnit: '0.005', minimum: '0', maximumRate: null },
    calendar: 'US_EQUITY',
    market: { model: 'REPLAY', seed: SEED, stepMs: MINUTE },
  });
  const replay = new MarketReplay({ seed: SEED, series: loadRecordedSeries() });
  const source = columnsSource({ symbol: 'AAPL', interval: 'MINUTE_1' }, bars);
  const backtest = new Backtest({ settings, strategy, replay }, { sources: [source] });
  while (!backtest.advance(1_000).done);
  const result = backtest.result();
  return { result, trades: backtestTrades(result) };
}

describe('a recorded day of AAPL', () => {
  let dataDir: string;
  let gateway: GatewayProcess | undefined;
  const paper = new Map<string, Trades>();
  const tested = new Map<string, Tested>();

  beforeAll(async () => {
    dataDir = makeDataDir();
    const list = join(dataDir, 'plugins.json');
    writeFileSync(list, JSON.stringify([{ plugin: PLUGIN }]));
    const started = await startGatewayProcess({ dataDir, env: { PLUGINS_FILE: list } });
    gateway = started;
    const client = await signIn(() => started.address, started.demo);
    const venue = controlVenue(dataDir);
    await venue.hold();
    const desks = [];
    for (const run of RUNS) desks.push({ ...run, desk: await openDesk(client, { startingCash: CASH }) });

    // Each on a day of its own: what one trades the others cannot.
    const lockstep = await enterLockstep(venue.url);
    for (const { desk, ...run } of desks) {
      const [from, to] = [Date.parse(`${run.day}T14:50:00Z`), Date.parse(`${run.day}T${run.to}:00Z`)];
      await lockstep.runUntil(from);
      const id = await startRunning(client, desk.accountId, run);
      await lockstep.runUntil(to);
      paper.set(run.strategy.id, await paperTrades(client, desk.accountId));
      await stopStrategy(client, id);
      const limits = (await desk.account()).limits as unknown as RiskLimits;
      tested.set(
        run.strategy.id,
        backtestOf(run, await recordedMarket(venue.url, from, to), { from, to, limits }),
      );
    }
    await started.stop();
  });
  afterAll(async () => {
    if (gateway?.isRunning === true) await gateway.kill9();
    await removeDataDir(dataDir);
  });

  it.each(RUNS.map(({ strategy }) => strategy.id))('%s: the same orders and fills', (id) => {
    const backtest = tested.get(id);
    expect(backtest?.result).toMatchObject({ status: 'COMPLETED', failure: null });
    expect(paper.get(id)?.orders).toEqual(backtest?.trades.orders);
    expect(paper.get(id)?.fills).toEqual(backtest?.trades.fills);
    expect(backtest?.trades.fills.length).toBeGreaterThan(10);
  });

  it('is made of stops, limits, brackets, replaces and cancels', () => {
    const orders = [...tested.values()].flatMap(({ trades }) => trades.orders);
    expect(new Set(orders.map(({ type }) => type))).toEqual(
      new Set(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT', 'TRAILING_STOP']),
    );
    expect(new Set(orders.map(({ role }) => role))).toEqual(
      new Set(['SIMPLE', 'ENTRY', 'TAKE_PROFIT', 'STOP_LOSS']),
    );
    expect(orders.map(({ status }) => status)).toEqual(
      expect.arrayContaining(['FILLED', 'CANCELED', 'EXPIRED', 'DENIED']),
    );
  });
});
