import { abs, type Fixed, min, mulDiv, multiply } from '../../decimal.ts';
import type { OrderSide } from '../../order-terms.ts';

export interface Holding {
  readonly multiplier: Fixed;
  /** Signed. */
  quantity: Fixed;
  /** Exact signed cost of what is held, with the multiplier in it. */
  cost: Fixed;
  /** Before fees. */
  realized: Fixed;
  /** Of the trade that is going on: what it has made so far, after fees. */
  tradePnl: Fixed;
}

export interface AccountFill {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly price: Fixed;
  readonly quantity: Fixed;
  readonly fee: Fixed;
}

/**
 * Cash and positions, exact, by average cost: a partial close takes round-half-even(cost x closed / quantity)
 * off the cost, the rest stays, and the last lot takes all. At any time
 *
 *   equity = cash + sum of quantity x mark x multiplier
 *          = starting cash + realized - fees + sum of (quantity x mark x multiplier - cost)
 */
export class PaperAccount {
  cash: Fixed;
  fees: Fixed = 0n;
  readonly holdings = new Map<string, Holding>();
  /** What each round trip made, after fees. */
  readonly trades: Fixed[] = [];
  private readonly marks = new Map<string, Fixed>();
  private readonly multipliers: ReadonlyMap<string, Fixed>;

  constructor(cash: Fixed, multipliers: ReadonlyMap<string, Fixed>) {
    this.cash = cash;
    this.multipliers = multipliers;
  }

  /** The last close of a symbol; undefined before its first bar. */
  mark(symbol: string): Fixed | undefined {
    return this.marks.get(symbol);
  }

  setMark(symbol: string, price: Fixed): void {
    this.marks.set(symbol, price);
  }

  quantity(symbol: string): Fixed {
    return this.holdings.get(symbol)?.quantity ?? 0n;
  }

  /** Money that a quantity at a price stands for. */
  value(symbol: string, quantity: Fixed, price: Fixed): Fixed {
    return multiply(multiply(quantity, price), this.multipliers.get(symbol) ?? 0n);
  }

  get equity(): Fixed {
    let equity = this.cash;
    for (const [symbol, { quantity }] of this.holdings) {
      equity += this.value(symbol, quantity, this.marks.get(symbol) ?? 0n);
    }
    return equity;
  }

  get realized(): Fixed {
    let sum = 0n;
    for (const { realized } of this.holdings.values()) sum += realized;
    return sum;
  }

  get isInvested(): boolean {
    for (const { quantity } of this.holdings.values()) if (quantity !== 0n) return true;
    return false;
  }

  apply({ symbol, side, price, quantity, fee }: AccountFill): void {
    const holding = this.holding(symbol);
    const signed = side === 'BUY' ? quantity : -quantity;
    const value = this.value(symbol, signed, price);
    this.cash -= value + fee;
    this.fees += fee;
    const isClosing = holding.quantity !== 0n && holding.quantity > 0n !== signed > 0n;
    const closed = isClosing ? min(abs(signed), abs(holding.quantity)) : 0n;
    const closedValue = mulDiv(value, closed, quantity);
    const closedFee = mulDiv(fee, closed, quantity);
    if (closed > 0n) this.close(holding, closed, closedValue, closedFee);
    if (closed === quantity) return;
    holding.quantity += signed > 0n ? quantity - closed : closed - quantity;
    holding.cost += value - closedValue;
    holding.tradePnl -= fee - closedFee;
  }

  private holding(symbol: string): Holding {
    const known = this.holdings.get(symbol);
    if (known !== undefined) return known;
    const multiplier = this.multipliers.get(symbol) ?? 0n;
    const holding = { multiplier, quantity: 0n, cost: 0n, realized: 0n, tradePnl: 0n };
    this.holdings.set(symbol, holding);
    return holding;
  }

  private close(holding: Holding, closed: Fixed, value: Fixed, fee: Fixed): void {
    const cost = mulDiv(holding.cost, closed, abs(holding.quantity));
    holding.quantity += holding.quantity > 0n ? -closed : closed;
    holding.cost -= cost;
    holding.realized -= value + cost;
    holding.tradePnl -= value + cost + fee;
    if (holding.quantity !== 0n) return;
    this.trades.push(holding.tradePnl);
    holding.tradePnl = 0n;
  }
}
