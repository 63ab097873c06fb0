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
export interface Worth {
  readonly cash: Fixed | null;
  readonly equity: Fixed | null;
  readonly grossExposure: Fixed | null;
  readonly netExposure: Fixed | null;
  /** Symbols (for currencies the pair, such as EUR/USD) without a fresh price, in order of appearance. */
  readonly missing: readonly string[];
}

/** The totals with what each position adds to them. */
export interface Valuation extends Worth {
  readonly unrealizedPnl: Fixed | null;
  /** By symbol; positions without quantity are left out. */
  readonly positions: ReadonlyMap<string, PositionValue>;
}

const NO_PRICE: PositionValue = { price: null, marketValue: null, unrealizedPnl: null };

export const valuePosition = (position: HeldPosition, pricing: Pricing): PositionValue => {
  const mark = pricing.mark(position.symbol);
  if (mark.kind !== 'price') return NO_PRICE;
  const marketValue = fillNotional(mark.price, position.quantity, position.multiplier);
  return { price: mark.price, marketValue, unrealizedPnl: marketValue - position.cost };
};

/** Amounts of any currencies, added up in one. */
class Sum {
  private amount: Fixed = 0n;
  private isComplete = true;
  private readonly base: string;
  private readonly pricing: Pricing;
  private readonly missing: string[];

  constructor(base: string, pricing: Pricing, missing: string[]) {
    this.base = base;
    this.pricing = pricing;
    this.missing = missing;
  }

  /** Null while a price or rate is missing. */
  get total(): Fixed | null {
    return this.isComplete ? this.amount : null;
  }

  /** Answers with the amount in the base currency; 0 where there is no rate for it. */
  add(amount: Fixed, currency: string): Fixed {
    if (currency === this.base) {
      this.amount += amount;
      return amount;
    }
    const converted = this.pricing.convert(amount, currency, this.base);
    if (converted.kind === 'amount') {
      this.amount += converted.amount;
      return converted.amount;
    }
    this.lack();
    if (!this.missing.includes(converted.symbol)) this.missing.push(converted.symbol);
    return 0n;
  }

  lack(): void {
    this.isComplete = false;
  }
}

/** The totals of {@link valueHoldings} alone, at a fraction of the time where there are hundreds of positions. */
export const worthOf = (
  { baseCurrency, cash: amounts, positions }: Holdings,
  pricing: Pricing,
  missing: string[] = [],
  told: ((position: HeldPosition, value: PositionValue) => void) | null = null,
): Worth => {
  const cash = new Sum(baseCurrency, pricing, missing);
  for (const [currency, amount] of amounts) cash.add(amount, currency);
  const net = new Sum(baseCurrency, pricing, missing);
  let gross = 0n;
  for (const position of positions.values()) {
    if (position.quantity === 0n) continue;
    const value = valuePosition(position, pricing);
    if (value.marketValue === null) {
      net.lack();
      missing.push(position.symbol);
    } else gross += abs(net.add(value.marketValue, position.currency));
    told?.(position, value);
  }
  const [ofCash, ofPositions] = [cash.total, net.total];
  return {
    cash: ofCash,
    equity: ofCash === null || ofPositions === null ? null : ofCash + ofPositions,
    grossExposure: ofPositions === null ? null : gross,
    netExposure: ofPositions,
    missing,
  };
};

/** Values an account by a pricing, so that a caller may price other things by the very same. */
export const valueHoldings = (holdings: Holdings, pricing: Pricing): Valuation => {
  const missing: string[] = [];
  const unrealized = new Sum(holdings.baseCurrency, pricing, missing);
  const positions = new Map<string, PositionValue>();
  const worth = worthOf(holdings, pricing, missing, ({ currency, symbol }, value) => {
    positions.set(symbol, value);
    if (value.unrealizedPnl === null) unrealized.lack();
    else unrealized.add(value.unrealizedPnl, currency);
  });
  return { ...worth, unrealizedPnl: unrealized.total, positions };
};

/** Values an account at the market as it stands at a wall time. */
export const valueAccount = (
  holdings: Holdings,
  market: PriceView,
  wall: number,
  staleAfterMs: number,
): Valuation => valueHoldings(holdings, createPricing(market, wall, staleAfterMs));

/** Gross exposure over equity; null without them, or when there is no equity to carry it. */
export const leverage = ({
  equity,
  grossExposure,
}: Pick<Valuation, 'equity' | 'grossExposure'>): Fixed | null =>
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
