import type { BrokerCapabilities } from '@omniquant/plugin-sdk';
import { ONE } from '@omniquant/plugin-sdk/decimal';
import { Random } from '@omniquant/plugin-sdk/random';
import { PERFECT_EXECUTION } from '@omniquant/venue/execution-quality';
import { type MarketReplay, STEP_MS } from '@omniquant/venue/market-replay';
import { SimulatedExchange } from '@omniquant/venue/simulated-exchange';
import { VENUE_CAPABILITIES } from '@omniquant/venue/venue-capabilities';

import type { MarketQuote, MarketView } from '../engine/decide-context.ts';
import { createAccountState } from '../engine/initial-state.ts';
import { restoreState } from '../engine/snapshot.ts';
import { createPricing } from '../portfolio/pricing.ts';
import { createMarketView } from '../runtime/market-view.ts';
import { ACCOUNT, Arrivals } from './arrivals.ts';
import { BacktestAccount } from './backtest-account.ts';
import { BacktestError } from './backtest-error.ts';
import type { BacktestSpec } from './backtest-spec.ts';
import { BarLiquidity } from './bar-liquidity.ts';
import { Carrying } from './carrying.ts';
import { DoneOrders } from './done-orders.ts';
import { EquityLog } from './equity-log.ts';
import { createFees, estimateOf } from './fee-models.ts';
import { createFillModel } from './fill-models.ts';
import { restoreFloor, type SavedFloor } from './floor-snapshot.ts';
import { MarketPlayer } from './market-player.ts';
import { OrderLog } from './order-log.ts';
import { ReplayPlayer, replayQuotes } from './replay-player.ts';
import { Responses } from './responses.ts';
import { STRATEGY_ID, StrategyDriver } from './strategy-driver.ts';
import { createTickLiquidity } from './ticks/create-liquidity.ts';
import type { TickFeed } from './ticks/tick-feed.ts';
import type { TradedSymbol } from './traded-symbol.ts';
import type { TradingFloor } from './trading-floor.ts';

const capabilitiesOf = ({ settings }: BacktestSpec): BrokerCapabilities => ({
  ...VENUE_CAPABILITIES,
  settleMs: 0,
  buyingPowerMultiplier: settings.buyingPowerMultiplier,
  fees: estimateOf(settings.fees),
});

const marketViewOf = (
  { settings }: BacktestSpec,
  symbols: ReadonlyMap<string, TradedSymbol>,
  now: () => number,
  replayed: ((symbol: string, at: number) => MarketQuote | undefined) | null,
): MarketView => {
  const latest = (symbol: string): MarketQuote | undefined => symbols.get(symbol)?.quote();
  const view = createMarketView(
    {
      instrument: (symbol) => symbols.get(symbol)?.instrument,
      quote: replayed === null ? latest : (symbol) => replayed(symbol, now()) ?? latest(symbol),
      now,
    },
    { accountCalendar: settings.calendar, haltedSymbols: new Set() },
  );
  return settings.orderHours === 'SESSION' ? view : { ...view, session: () => 'OPEN' };
};

/** Opens the floor for a new run at its start, or as it was saved. The strategy's code runs for the first time here. */
export function openFloor(
  spec: BacktestSpec,
  symbols: ReadonlyMap<string, TradedSymbol>,
  tickFeed: TickFeed | undefined,
  at: number,
  saved: SavedFloor | null,
): TradingFloor {
  const { settings } = spec;
  const replay = replayOf(spec);
  const arrivals = new Arrivals(settings.latency);
  for (const arrival of saved?.arrivals ?? []) arrivals.add(arrival);
  const responses = new Responses(arrivals.latency);
  const done = new DoneOrders(arrivals);
  const fees = createFees(settings.fees);
  const random = Random.fromSeed('fills', settings.seed);
  const model = createFillModel(settings.fills, random);
  const liquidity = new Map([...symbols.keys()].map((symbol) => [symbol, new BarLiquidity(model)]));
  const ticks = new Map(
    [...(tickFeed?.markets ?? [])].map(([symbol, market]) => {
      return [symbol, { market, liquidity: createTickLiquidity(market, model, settings.fills) }];
    }),
  );
  const exchange = new SimulatedExchange({
    instruments: settings.instruments,
    seed: settings.seed,
    archive: done,
    quality: PERFECT_EXECUTION,
    marginMultiplier: null,
    fees: fees.charge,
    ...(replay === null && {
      liquidity: ({ symbol }) =>
        ticks.get(symbol)?.liquidity ?? liquidity.get(symbol) ?? new BarLiquidity(model),
    }),
  });
  // The books and the account need each other: what is applied goes to books that are there by then.
  const books: { driver: StrategyDriver | null; orders: OrderLog | null } = { driver: null, orders: null };
  const account: BacktestAccount = new BacktestAccount({
    state: saved === null ? createAccountState(ACCOUNT) : restoreState(saved.state),
    market: marketViewOf(
      spec,
      symbols,
      () => account.now,
      replay === null ? null : replayQuotes(replay, exchange),
    ),
    capabilities: capabilitiesOf(spec),
    arrivals,
    ids: saved?.ids ?? 0,
    applied: (events, touched) => {
      books.orders?.take(events, touched);
      books.driver?.take(events, touched);
    },
  });
  account.setTime(at);
  const { ctx, state } = account;
  const orders = new OrderLog({
    refOf: (orderId) => state.strategies.get(STRATEGY_ID)?.refs.get(orderId) ?? null,
    orderOf: (orderId) => state.orders.get(orderId),
    rateOf(currency) {
      const converted = createPricing(ctx.market, ctx.wall, Infinity).convert(
        ONE,
        currency,
        settings.baseCurrency,
      );
      return converted.kind === 'amount' ? converted.amount : null;
    },
  });
  books.orders = orders;
  const driver = new StrategyDriver(spec, account, saved?.driver ?? null);
  books.driver = driver;
  const venue = { account, arrivals, done, exchange };
  const market =
    replay === null
      ? new MarketPlayer({ ...venue, ...{ liquidity, responses, symbols, ticks }, rule: settings.fills.path })
      : new ReplayPlayer({
          ...{ ...venue, replay },
          stepMs: settings.market?.stepMs ?? STEP_MS,
          flush: () => {
            driver.flush();
          },
        });
  const equity = new EquityLog(account, symbols.get(settings.benchmark ?? '') ?? null);
  const carrying = new Carrying(settings, account);
  const floor = {
    account,
    arrivals,
    carrying,
    done,
    driver,
    equity,
    exchange,
    fees,
    market,
    orders,
    random,
    symbols,
    ticks: market instanceof MarketPlayer ? market : null,
  };
  if (saved === null) {
    openAccount(spec, floor);
    floor.ticks?.begin();
  } else restoreFloor(floor, saved);
  return floor;
}

const replayOf = ({ replay, settings }: BacktestSpec): MarketReplay | null => {
  if ((settings.market ?? null) === null) return null;
  const missing = settings.symbols.find((symbol) => replay?.seriesOf(symbol) === undefined);
  if (replay !== undefined && missing === undefined) return replay;
  const text = `market is a replay, which there is none of ${missing ?? 'here'}`;
  throw new BacktestError('BAD_USER_INPUT', text, 'market');
};

const openAccount = ({ settings }: BacktestSpec, { account, exchange }: TradingFloor): void => {
  const { baseCurrency, limits, startingCash } = settings;
  exchange.openAccount(ACCOUNT, baseCurrency, startingCash);
  account.run(
    {
      kind: 'openAccount',
      accountId: ACCOUNT,
      workspaceId: ACCOUNT,
      name: ACCOUNT,
      broker: 'backtest',
      environment: 'PAPER',
      ...{ baseCurrency, startingCash, limits },
    },
    'gateway',
  );
};
