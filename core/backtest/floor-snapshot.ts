import type { RandomState } from '@omniquant/plugin-sdk/random';
import { type AccountState as VenueAccount, newAccount } from '@omniquant/venue/account-ledger';
import type { OrderState } from '@omniquant/venue/order-state';
import type { ExchangeSnapshot } from '@omniquant/venue/simulated-exchange';

import { snapshotState } from '../engine/snapshot.ts';
import { ACCOUNT, type Arrival } from './arrivals.ts';
import type { BacktestCharge } from './backtest-result.ts';
import type { EquityLog } from './equity-log.ts';
import type { FeeMemory } from './fee-models.ts';
import type { MarketPlayer } from './market-player.ts';
import type { OrderLog } from './order-log.ts';
import type { SavedDriver } from './strategy-driver.ts';
import type { TradingFloor } from './trading-floor.ts';

interface SavedVenueAccount {
  readonly currency: string;
  readonly seq: number;
  /** Scaled integers as text. */
  readonly cash: readonly (readonly [string, string])[];
  readonly positions: readonly (readonly [string, number])[];
}

interface SavedSymbol {
  readonly symbol: string;
  readonly last: number;
  readonly lastAt: number;
  readonly isOpen: boolean;
}

/** Everything on the floor between two instants; JSON. */
export interface SavedFloor {
  /** With the fraction of a millisecond that ticks have. */
  readonly now: number;
  readonly ids: number;
  readonly events: number;
  readonly state: string;
  readonly arrivals: readonly Arrival[];
  readonly exchange: ExchangeSnapshot;
  readonly venueAccount: SavedVenueAccount;
  readonly venueOrders: readonly OrderState[];
  readonly doneOrders: readonly OrderState[];
  readonly fees: FeeMemory;
  readonly random: RandomState;
  readonly symbols: readonly SavedSymbol[];
  readonly market: ReturnType<MarketPlayer['save']>;
  readonly driver: SavedDriver;
  readonly orders: ReturnType<OrderLog['save']>;
  readonly equity: ReturnType<EquityLog['save']>;
  readonly charges: readonly BacktestCharge[];
}

const saveVenueAccount = (account: VenueAccount | undefined): SavedVenueAccount => ({
  currency: account?.currency ?? '',
  seq: account?.seq ?? 0,
  cash: [...(account?.cash ?? [])].map(([currency, amount]) => [currency, amount.toString()] as const),
  positions: [...(account?.positions ?? [])],
});

const restoreVenueAccount = ({ cash, currency, positions, seq }: SavedVenueAccount): VenueAccount => {
  const account = newAccount(ACCOUNT, currency);
  account.seq = seq;
  for (const [held, amount] of cash) account.cash.set(held, BigInt(amount));
  for (const [symbol, lots] of positions) account.positions.set(symbol, lots);
  return account;
};

/** Throws BacktestError NOT_SAVABLE. */
export const saveFloor = (floor: TradingFloor): SavedFloor => {
  const { account, arrivals, done, driver, equity, exchange, fees, market, orders, random, symbols } = floor;
  return {
    now: account.exactNow,
    ids: account.ids,
    events: account.events,
    state: snapshotState(account.state),
    arrivals: arrivals.all(),
    exchange: exchange.snapshot(),
    venueAccount: saveVenueAccount(exchange.account(ACCOUNT)),
    venueOrders: exchange.liveOrders().map((order) => ({ ...order })),
    doneOrders: done.orders,
    fees: fees.save(),
    random: random.state(),
    symbols: [...symbols.values()].map(({ last, lastAt, symbol }) => ({
      ...{ symbol, last, lastAt },
      isOpen: exchange.isOpen(symbol),
    })),
    market: market.save(),
    driver: driver.save(),
    orders: orders.save(),
    equity: equity.save(),
    charges: [...floor.carrying.charges],
  };
};

/** All but where the market's players stand, which takes the bars at hand: see `restoreMarket`. */
export const restoreFloor = (floor: TradingFloor, saved: SavedFloor): void => {
  const { account, done, equity, exchange, fees, orders, random, symbols } = floor;
  account.events = saved.events;
  for (const order of saved.doneOrders) done.keep({ ...order });
  for (const { last, lastAt, symbol } of saved.symbols) {
    const known = symbols.get(symbol);
    if (known !== undefined) [known.last, known.lastAt] = [last, lastAt];
  }
  exchange.restore(
    saved.exchange,
    [restoreVenueAccount(saved.venueAccount)],
    saved.venueOrders.map((order) => ({ ...order })),
  );
  for (const { isOpen, last, lastAt: at, symbol } of saved.symbols) {
    const tick = { at, last, volume: 0, bid: last, ask: last, bidSize: 0, askSize: 0 };
    if (last === 0) continue;
    if (isOpen) exchange.resumeSession(symbol, tick);
    else exchange.showTick(symbol, tick);
  }
  fees.restore(saved.fees);
  random.setState(saved.random);
  orders.restore(saved.orders);
  equity.restore(saved.equity);
  floor.carrying.charges.push(...saved.charges);
};
