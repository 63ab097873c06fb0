import type { Decimal } from '@omniquant/plugin-sdk';

/** Limits of an account, as the API has them: decimals as strings, null is no limit, ratios are fractions. */
export interface RiskLimits {
  readonly maxPositionNotional: Decimal | null;
  readonly maxOrderNotional: Decimal | null;
  /** Gross exposure over equity. */
  readonly maxLeverage: Decimal | null;
  /** One position's market value over equity. */
  readonly maxConcentration: Decimal | null;
  /** Fall from the equity peak. */
  readonly maxDrawdown: Decimal | null;
  /** Loss since the day's opening equity, in the base currency. */
  readonly maxDailyLoss: Decimal | null;
  readonly maxOpenOrders: number | null;
  readonly maxOrdersPerSecond: number | null;
  /** How far a limit price may be through the quote, as a fraction. */
  readonly priceCollar: Decimal | null;
}

export const DEFAULT_LIMITS: RiskLimits = {
  maxPositionNotional: '500000',
  maxOrderNotional: null,
  maxLeverage: '2',
  maxConcentration: '0.25',
  maxDrawdown: '0.15',
  maxDailyLoss: '10000',
  maxOpenOrders: null,
  maxOrdersPerSecond: null,
  priceCollar: null,
};
