import type { OrderSide } from '@omniquant/plugin-sdk';
import { abs, type Fixed, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import type { DecideContext } from '../engine/decide-context.ts';
import type { Instrument } from '../market/instrument.ts';
import { createPricing } from '../portfolio/pricing.ts';
import { valuePosition, worthOf } from '../portfolio/valuation.ts';
import { estimateFees } from './fees.ts';
import {
  openingOf,
  type OrderExposure,
  reservedByCurrency,
  reservedOf,
  type SideExposure,
  sideOf,
} from './reservation.ts';

/**
 * The amounts that the rules on money compare, in the account's base currency: the account as it
 * stands, and as it would stand with the order reserved. Rules deny what passes a limit afterwards and
 * is more than before, so that nothing that eases a breach is refused.
 */
export interface Figures {
  readonly currency: string;
  readonly equity: Fixed;
  readonly grossExposure: Fixed;
  /** What open orders reserve: now, and with the order. */
  readonly reserved: Fixed;
  readonly reservedAfter: Fixed;
  /** Market value of the position on the order's side with all that its open orders may add: now, and with the order. */
  readonly positionNotional: Fixed;
  readonly positionNotionalAfter: Fixed;
  /** Value of the order at its reserve price. */
  readonly orderNotional: Fixed;
  readonly fees: Fixed;
  /** equity x multiplier: the exposure that the broker allows. */
  readonly capacity: Fixed;
}

/** An order as it would be reserved, in the instrument's currency. */
export interface ReservedOrder {
  readonly side: OrderSide;
  /** Without a reduce-only order's own units: it opens nothing, but takes from what the others may close. */
  readonly quantity: Fixed;
  readonly notional: Fixed;
  readonly reduceOnlyQuantity: Fixed;
  /** The whole order; `notional` of a replacement is that of the larger revision. */
  readonly orderNotional: Fixed;
  /** Share of the order that it replaces. */
  readonly replaced: OrderExposure;
}

export type FiguresResult =
  | { readonly figures: Figures; readonly missing: readonly [] }
  | { readonly figures: null; readonly missing: readonly string[] };

interface SymbolNotionals {
  readonly reserved: Fixed;
  /** Of the order's side: what its open orders may add to the position. */
  readonly opening: Fixed;
}

const notionalsOf = (
  order: ReservedOrder,
  side: SideExposure,
  opposite: SideExposure,
  position: Fixed,
): SymbolNotionals => {
  const [buy, sell] = order.side === 'BUY' ? [side, opposite] : [opposite, side];
  return {
    reserved: reservedOf(buy, sell, position),
    opening: openingOf(order.side, side, position),
  };
};

/** Works out what an order that adds to what is reserved does to the account, or which prices that needs are missing. */
export const figuresOf = (
  state: AccountState,
  instrument: Instrument,
  order: ReservedOrder,
  context: DecideContext,
): FiguresResult => {
  const { market, wall, settings, broker } = context;
  const pricing = createPricing(market, wall, settings.quoteStaleAfterMs);
  const { equity, grossExposure, missing: unpriced } = worthOf(state, pricing);
  const missing = new Set(unpriced);
  const toBase = (amount: Fixed, currency: string): Fixed => {
    const converted = pricing.convert(amount, currency, state.baseCurrency);
    if (converted.kind === 'amount') return converted.amount;
    missing.add(converted.symbol);
    return 0n;
  };

  let reserved = 0n;
  for (const [currency, amount] of reservedByCurrency(state)) reserved += toBase(amount, currency);

  const present = state.positions.get(instrument.symbol);
  const position = present?.quantity ?? 0n;
  const exposure = state.exposure.get(instrument.symbol);
  const side = sideOf(exposure, order.side);
  const opposite = sideOf(exposure, order.side === 'BUY' ? 'SELL' : 'BUY');
  const sideAfter = {
    quantity: side.quantity - order.replaced.quantity + order.quantity,
    notional: side.notional - order.replaced.notional + order.notional,
    reduceOnlyQuantity:
      side.reduceOnlyQuantity - order.replaced.reduceOnlyQuantity + order.reduceOnlyQuantity,
  };
  const now = notionalsOf(order, side, opposite, position);
  const after = notionalsOf(order, sideAfter, opposite, position);

  const isOnSide = order.side === 'BUY' ? position > 0n : position < 0n;
  const value = isOnSide && present !== undefined ? valuePosition(present, pricing).marketValue : null;
  const held = abs(value ?? 0n);
  const { currency } = instrument;
  const fees = estimateFees(broker.capabilities.fees, order.quantity, order.orderNotional);
  const amounts = {
    reservedAfter: reserved + toBase(after.reserved - now.reserved, currency),
    positionNotional: toBase(held + now.opening, currency),
    positionNotionalAfter: toBase(held + after.opening, currency),
    orderNotional: toBase(order.orderNotional, currency),
    fees: toBase(fees, currency),
  };
  if (missing.size > 0 || equity === null || grossExposure === null) {
    return { figures: null, missing: [...missing] };
  }
  const capacity = multiply(equity, parseDecimal(broker.capabilities.buyingPowerMultiplier));
  return {
    figures: { currency: state.baseCurrency, equity, grossExposure, reserved, capacity, ...amounts },
    missing: [],
  };
};
