import type { RiskRule } from './rule.ts';
import { buyingPowerRule } from './rules/buying-power.ts';
import { dailyLoss } from './rules/daily-loss.ts';
import { marketClosed } from './rules/market-closed.ts';
import { maxConcentration } from './rules/max-concentration.ts';
import { maxDrawdown } from './rules/max-drawdown.ts';
import { maxLeverage } from './rules/max-leverage.ts';
import { maxOpenOrders } from './rules/max-open-orders.ts';
import { maxOrderNotional } from './rules/max-order-notional.ts';
import { maxPositionNotional } from './rules/max-position-notional.ts';
import { maxQuantity } from './rules/max-quantity.ts';
import { minQuantity } from './rules/min-quantity.ts';
import { notShortable } from './rules/not-shortable.ts';
import { orderRate } from './rules/order-rate.ts';
import { priceCollar } from './rules/price-collar.ts';
import { pricePrecision } from './rules/price-precision.ts';
import { quantityPrecision } from './rules/quantity-precision.ts';
import { reconciling } from './rules/reconciling.ts';
import { reduceOnly } from './rules/reduce-only.ts';
import { restrictedSymbol } from './rules/restricted-symbol.ts';
import { selfTrade } from './rules/self-trade.ts';
import { staleQuote } from './rules/stale-quote.ts';
import { tradingState } from './rules/trading-state.ts';
import { unknownSymbol } from './rules/unknown-symbol.ts';

/**
 * All pre-trade rules in the order in which they run; the first denial counts. First what is wrong with
 * the order itself, then whether it may trade now, then what it does to position and account.
 */
export const RISK_RULES: readonly RiskRule[] = [
  unknownSymbol,
  pricePrecision,
  quantityPrecision,
  minQuantity,
  maxQuantity,

  orderRate,
  tradingState,
  reconciling,
  restrictedSymbol,
  marketClosed,
  reduceOnly,
  notShortable,
  selfTrade,
  maxOpenOrders,

  staleQuote,
  priceCollar,
  maxOrderNotional,
  maxPositionNotional,
  dailyLoss,
  maxDrawdown,
  buyingPowerRule,
  maxLeverage,
  maxConcentration,
];
