import type { Random } from '@omniquant/plugin-sdk/random';
import type { SimulatedExchange } from '@omniquant/venue/simulated-exchange';

import type { Arrivals } from './arrivals.ts';
import type { BacktestAccount } from './backtest-account.ts';
import type { Carrying } from './carrying.ts';
import type { DoneOrders } from './done-orders.ts';
import type { EquityLog } from './equity-log.ts';
import type { RunningFees } from './fee-models.ts';
import type { MarketPlayer } from './market-player.ts';
import type { OrderLog } from './order-log.ts';
import type { StrategyDriver } from './strategy-driver.ts';
import type { TradedSymbol } from './traded-symbol.ts';

/** The account, the venue, the strategy and the books of a run, wired together. */
export interface TradingFloor {
  readonly account: BacktestAccount;
  readonly arrivals: Arrivals;
  readonly carrying: Carrying;
  readonly done: DoneOrders;
  readonly driver: StrategyDriver;
  readonly equity: EquityLog;
  readonly exchange: SimulatedExchange;
  readonly fees: RunningFees;
  readonly market: Pick<MarketPlayer, 'playUntil' | 'rest' | 'save' | 'restore'>;
  /** Where ticks of history are traded with; null in a market that is replayed. */
  readonly ticks: Pick<MarketPlayer, 'begin' | 'look'> | null;
  readonly orders: OrderLog;
  /** Of the fill model. */
  readonly random: Random;
  readonly symbols: ReadonlyMap<string, TradedSymbol>;
}
