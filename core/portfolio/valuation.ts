import type { Decimal } from '@omniquant/plugin-sdk';
import { abs, divide, type Fixed, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { fillNotional } from './apply-fill.ts';
import type { Position } from './position.ts';
import { createPricing, type PriceView, type Pricing } from './pricing.ts';

/**
 * What an account is worth. `AccountState` is a `Holdings` as it stands; rows of the read model become
 * one by {@link holdingsOfRows}, so that a check and the API cannot disagree.
 *
 * In one currency these hold exactly: equity = cash + sum of market values, market value = quantity x
 * mark x multiplier, unrealised PnL = market value - cost, and equity = transfers + realised PnL +
 * unrealised PnL - fees. Other currencies are converted amount by amount (pricing.ts).
 */
export interface Holdings {
  readonly baseCurrency: string;
  /** By currency. */
  readonly cash: ReadonlyMap<string, Fixed>;
  /** By symbol. */
  readonly positions: ReadonlyMap<string, HeldPosition>;
}

export type HeldPosition = Readonly<Omit<Position, 'realizedPnl'>>;

/** A position at the market, in the instrument's currency; all null without a fresh price. */
export interface PositionValue {
  readonly price: Fixed | null;
  /** Signed: negative for a short. */
  readonly marketValue: Fixed | null;
  readonly unrealizedPnl: Fixed | null;
}

/** Totals in the base currency; null while a price or rate that they need is missing or stale. */
export interface Valuation {
  readonly cash: Fixed | null;
  readonly equity: Fixed | null;
  readonly grossExposure: Fixed | null;
  readonly netExposure: Fixed | null;
  readonly unrealizedPnl: Fixed | null;
  /** By symbol; positions without quantity are left out. */
  readonly positions: ReadonlyMap<string, PositionValue>;
  /** Symbols (for currencies the pair, such as EUR/USD) without a fresh price, in order of appearance. */
  readonly missing: readonly string[];
}

const NO_PRICE: PositionValue = { price: null, marketValue: null, unrealizedPnl: null };

export const valuePosition = (position: HeldPosition, pricing: Pricing): PositionValue => {
  const mark = pricing.mark(position.symbol);
  if (mark.kind !== 'price') return NO_PRICE;
  const marketValue = fillNotional(mark.price, position.quantity, position.multiplier);
  return { price: mark.price, marketValue, unrealizedPnl: marketValue - position.cost };
};

interface Sum {
  total: Fixed;
  complete: boolean;
}

/** Values an account by a pricing, so that a caller may price other things by the very same. */
export const valueHoldings = (holdings: Holdings, pricing: Pricing): Valuation => {
  const base = holdings.baseCurrency;
  const missing: string[] = [];
  const add = (sum: Sum, amount: Fixed, currency: string): Fixed => {
    const converted = pricing.convert(amount, currency, base);
    if (converted.kind === 'amount') {
      sum.total += converted.amount;
      return converted.amount;
    }
    sum.complete = false;
    if (!missing.includes(converted.symbol)) missing.push(converted.symbol);
    return 0n;
  };

  const cash: Sum = { total: 0n, complete: true };
  for (const [currency, amount] of holdings.cash) add(cash, amount, currency);

  const net: Sum = { total: 0n, complete: true };
  const unrealized: Sum = { total: 0n, complete: true };
  const positions = new Map<string, PositionValue>();
  let gross = 0n;
  for (const position of holdings.positions.values()) {
    if (position.quantity === 0n) continue;
    const value = valuePosition(position, pricing);
    positions.set(position.symbol, value);
    if (value.marketValue === null || value.unrealizedPnl === null) {
      net.complete = false;
      unrealized.complete = false;
      missing.push(position.symbol);
      continue;
    }
    gross += abs(add(net, value.marketValue, position.currency));
    add(unrealized, value.unrealizedPnl, position.currency);
  }

  return {
    cash: cash.complete ? cash.total : null,
    equity: cash.complete && net.complete ? cash.total + net.total : null,
    grossExposure: net.complete ? gross : null,
    netExposure: net.complete ? net.total : null,
    unrealizedPnl: unrealized.complete ? unrealized.total : null,
    positions,
    missing,
  };
};

/** Values an account at the market as it stands at a wall time. */
export const valueAccount = (
  holdings: Holdings,
  market: PriceView,
  wall: number,
  staleAfterMs: number,
): Valuation => valueHoldings(holdings, createPricing(market, wall, staleAfterMs));

/** Gross exposure over equity; null without them, or when there is no equity to carry it. */
export const leverage = ({ equity, grossExposure }: Valuation): Fixed | null =>
  equity === null || grossExposure === null || equity <= 0n ? null : divide(grossExposure, equity);

/** The fall from the peak as a fraction of it, from 0; null without equity or a peak above zero. */
export const drawdown = (equity: Fixed | null, peak: Fixed | null): Fixed | null => {
  if (equity === null || peak === null || peak <= 0n) return null;
  return equity >= peak ? 0n : divide(peak - equity, peak);
};

/** Change of equity since the trading day began. */
export const dailyPnl = (equity: Fixed | null, dayOpenEquity: Fixed | null): Fixed | null =>
  equity === null || dayOpenEquity === null ? null : equity - dayOpenEquity;

/**
 * What may still be added: equity x multiplier - gross exposure - reserved (base currency). Below zero
 * when the account already carries more than it may. Null without prices.
 */
export const buyingPower = (
  { equity, grossExposure }: Pick<Valuation, 'equity' | 'grossExposure'>,
  reserved: Fixed | null,
  multiplier: Fixed,
): Fixed | null =>
  equity === null || grossExposure === null || reserved === null
    ? null
    : multiply(equity, multiplier) - grossExposure - reserved;

/** Amounts by currency summed in one; null when a rate is missing. */
export const sumInCurrency = (
  amounts: ReadonlyMap<string, Fixed>,
  currency: string,
  pricing: Pricing,
): Fixed | null => {
  let total = 0n;
  for (const [from, amount] of amounts) {
    const converted = pricing.convert(amount, from, currency);
    if (converted.kind === 'missing') return null;
    total += converted.amount;
  }
  return total;
};

/** Rows of the read model, as far as a valuation needs them: an `AccountView` is one. */
export interface HoldingRows {
  readonly account: {
    readonly baseCurrency: string;
    readonly reservedNotional: Readonly<Record<string, Decimal>>;
  };
  readonly balances: readonly { readonly currency: string; readonly total: Decimal }[];
  readonly positions: readonly {
    readonly symbol: string;
    readonly currency: string;
    readonly multiplier: Decimal;
    readonly quantity: Decimal;
    readonly cost: Decimal;
  }[];
}

/** Throws DecimalError for a row that holds no decimal. */
export const holdingsOfRows = (
  rows: HoldingRows,
): Holdings & { readonly reserved: ReadonlyMap<string, Fixed> } => ({
  baseCurrency: rows.account.baseCurrency,
  cash: new Map(rows.balances.map(({ currency, total }) => [currency, parseDecimal(total)])),
  positions: new Map(
    rows.positions.map(({ symbol, currency, multiplier, quantity, cost }) => [
      symbol,
      {
        symbol,
        currency,
        multiplier: parseDecimal(multiplier),
        quantity: parseDecimal(quantity),
        cost: parseDecimal(cost),
      },
    ]),
  ),
  reserved: new Map(
    Object.entries(rows.account.reservedNotional).map(([currency, amount]) => [
      currency,
      parseDecimal(amount),
    ]),
  ),
});
