import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { Order } from '../orders/order.ts';
import type { Position } from '../portfolio/position.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { StrategyState } from '../strategies/strategy-state.ts';
import type { Environment, TradingState, TradingStateSource } from './account-event.ts';

/**
 * What the open orders of a symbol reserve, kept beside them so that a check does not walk all orders.
 * The share of one order is `exposureOf` in core/risk/reservation.ts; this is the sum of the shares.
 */
export interface Exposure {
  /** Of the instrument. */
  readonly currency: string;
  /** Units that open buy (sell) orders with a reserve price may still trade. */
  buyQuantity: Fixed;
  sellQuantity: Fixed;
  /** The same at the orders' reserve prices, multiplier included, in the instrument's currency. */
  buyNotional: Fixed;
  sellNotional: Fixed;
  /** Units of open reduce-only orders, legs of brackets left out: they reserve nothing, but share one position. */
  reduceOnlyBuyQuantity: Fixed;
  reduceOnlySellQuantity: Fixed;
  /** Ids of all orders of the symbol that are not done, Held ones included, in order of creation. */
  readonly buyOrderIds: Set<string>;
  readonly sellOrderIds: Set<string>;
  /** Prices at which they rest in the book, ascending, one entry an order. */
  readonly buyRestingPrices: Fixed[];
  readonly sellRestingPrices: Fixed[];
}

export interface Mismatch {
  readonly symbol: string | null;
  readonly currency: string | null;
  readonly ours: Fixed;
  readonly theirs: Fixed;
  readonly since: number;
}

/**
 * One account, folded from its journal by `apply` alone (mutable only there). Everything here is a
 * function of the events, so that a replay gives the same state and the same hash.
 */
export interface AccountState {
  accountId: string;
  workspaceId: string;
  name: string;
  broker: string;
  environment: Environment;
  baseCurrency: string;
  seq: number;
  /** Market time of the last event; never goes back. */
  at: number;
  recordedAt: number;

  tradingState: TradingState;
  tradingStateSource: TradingStateSource;
  tradingStateReason: string | null;
  limits: RiskLimits;

  /** By currency. */
  readonly cash: Map<string, Fixed>;
  readonly positions: Map<string, Position>;
  /** Sum of all fees, by currency. */
  readonly fees: Map<string, Fixed>;
  /** Net deposits by currency: equity = transfers + realised + unrealised - fees. */
  readonly transfers: Map<string, Fixed>;
  /** References of booked transfers; a repeated message books once. */
  readonly transferReferences: Set<string>;

  /** Open orders, and done ones until the retention rule lets go of them. */
  readonly orders: Map<string, Order>;
  readonly orderIdByClientId: Map<string, string>;
  /** Ids of orders that are not done (Held included), in order of creation. */
  readonly openOrderIds: Set<string>;
  /**
   * Done orders that may leave memory, oldest first, with the wall time of their last event. A member of
   * a bracket comes in only when all of the bracket is done.
   */
  readonly doneOrders: Map<string, number>;
  /** Orders that the gateway holds or has triggered and not sent, by symbol: what a quote may concern. */
  readonly heldOrderIds: Map<string, Set<string>>;
  /** Orders that have left memory: only when more than none must the archive be asked about a client id. */
  evictedOrders: number;
  /** By symbol; a symbol without open orders may be missing. */
  readonly exposure: Map<string, Exposure>;
  /** Wall times of the last order submissions, for the rate rule; bounded. */
  readonly recentSubmissions: number[];

  /** Those that run, in order of their start, and the last that ended, in order of their end. */
  readonly strategies: Map<string, StrategyState>;

  /** The venue's cursor up to which all fills are booked for sure. */
  fillCursor: string | null;
  day: string | null;
  dayOpenEquity: Fixed | null;
  peakEquity: Fixed | null;
  /** Market time of the last new peak. */
  peakedAt: number;
  /** Day and peak for which the loss rules have halted the account: who lifts that is not halted again for the same. */
  dailyLossDay: string | null;
  drawdownPeak: Fixed | null;
  readonly mismatches: Map<string, Mismatch>;
  /** Why entries are blocked besides mismatches. */
  readonly entryBlocks: Set<string>;
}
