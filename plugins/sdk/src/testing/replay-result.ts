import type { Decimal, OrderSide, OrderType, TimeInForce } from '../order-terms.ts';
import type { Json, LogLevel, StrategyEffect } from '../strategy-effects.ts';
import type { StrategyFill, StrategyOrderStatus } from '../strategy-inputs.ts';
import type { StrategyInput } from '../strategy-instance.ts';

/**
 * An order as it ended, or as it was at the end of the replay. Times are market time, epoch ms; quantities are units,
 * prices in the instrument's currency.
 *
 * @see {@link replay}
 */
export interface ReplayedOrder {
  /** The strategy's name for it, or the one that it was given where the strategy left it out. */
  readonly ref: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** Null for a notional order that has not been filled. */
  readonly quantity: Decimal | null;
  readonly filledQuantity: Decimal;
  /** Null without a fill; rounded half-even to 18 digits. */
  readonly averagePrice: Decimal | null;
  readonly limitPrice: Decimal | null;
  /** The trigger, as far as it has trailed. */
  readonly stopPrice: Decimal | null;
  readonly status: StrategyOrderStatus;
  /** Why it was denied, rejected or cancelled. */
  readonly reason: string | null;
  readonly placedAt: number;
  /** Null for an order that is still open. */
  readonly endedAt: number | null;
}

/**
 * An execution, with what it cost.
 *
 * @see {@link replay}
 */
export interface ReplayedFill extends StrategyFill {
  /** In the instrument's currency, by {@link ReplayOptions.commission}. */
  readonly fee: Decimal;
  /** Start of the bar that it happened in; `at` is the end of that bar, when it became known. */
  readonly barAt: number;
}

/**
 * What a hook yielded, and on what.
 *
 * @see {@link replay}
 */
export interface ReplayedEffect {
  /** Market time of the step, epoch ms. */
  readonly at: number;
  /** The input whose hook yielded it. */
  readonly on: StrategyInput['kind'];
  readonly effect: StrategyEffect;
}

/**
 * A line that the strategy logged; `at` is market time, epoch ms.
 *
 * @see {@link replay}
 */
export interface ReplayedLog {
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly data: Json;
}

/**
 * A value of one of the strategy's metrics; `at` is market time, epoch ms.
 *
 * @see {@link replay}
 */
export interface ReplayedMetric {
  readonly at: number;
  readonly name: string;
  readonly value: number;
}

/**
 * An effect that could not be done, such as a cancel of an order that is not open. A gateway logs it. `at` is market
 * time, epoch ms.
 *
 * @see {@link replay}
 */
export interface ReplayProblem {
  readonly at: number;
  readonly message: string;
}

/**
 * Cash and positions at the last close, at the end of a bar: `at` in epoch ms, `equity` in the currency of the
 * starting cash.
 *
 * @see {@link replay}
 */
export interface EquityPoint {
  readonly at: number;
  readonly equity: Decimal;
}

/**
 * What a replay came to. Money is exact, in the currency of the starting cash; ratios are floats, 0.1 is 10 %.
 *
 * @see {@link replay}
 */
export interface ReplayStatistics {
  /** Round trips: from flat to flat in a symbol; a fill that turns a position ends one and begins the next. */
  readonly trades: number;
  /** Trades that made money after fees. */
  readonly wins: number;
  /** Trades that lost money after fees. */
  readonly losses: number;
  /** wins / (wins + losses) after fees; trades that broke even count nowhere. Null without any. */
  readonly winRate: number | null;
  /** Final equity / starting cash - 1. */
  readonly totalReturn: number;
  /** Lowest equity / highest equity before it - 1: 0 or negative. */
  readonly maxDrawdown: number;
  /** Share of the points of the equity curve, but the first, at which a position was held. */
  readonly exposure: number;
  /** Of all fills. */
  readonly fees: Decimal;
  /** Before fees. */
  readonly realizedPnl: Decimal;
  readonly finalCash: Decimal;
  /** Cash and what is still held, at the last close. */
  readonly finalEquity: Decimal;
  /** The start, then one point for each instant at which bars ended. */
  readonly equityCurve: readonly EquityPoint[];
}

/**
 * All that happened in a replay, in the order of market time unless it says otherwise.
 *
 * @see {@link replay}
 */
export interface ReplayResult {
  /** In the order in which they were asked for; legs of a bracket after their entry. */
  readonly orders: readonly ReplayedOrder[];
  readonly fills: readonly ReplayedFill[];
  /** All that the hooks yielded, what came of it or not. */
  readonly effects: readonly ReplayedEffect[];
  readonly logs: readonly ReplayedLog[];
  readonly metrics: readonly ReplayedMetric[];
  readonly problems: readonly ReplayProblem[];
  readonly statistics: ReplayStatistics;
  /**
   * Of all orders and fills: 16 hexadecimal digits of two FNV-1a hashes over their canonical text. It tells
   * runs apart, and is no protection against somebody who wants two runs to look alike.
   */
  readonly hash: string;
}
