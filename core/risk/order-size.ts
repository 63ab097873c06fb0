import { type Fixed, max, mulDiv, multiply, ONE } from '@omniquant/plugin-sdk/decimal';

import type { Order } from '../orders/order.ts';
import { executedQuantity } from '../orders/status.ts';
import { fillNotional } from '../portfolio/apply-fill.ts';
import type { ReadTerms } from './read-terms.ts';
import { exposureOf, NO_EXPOSURE, type OrderExposure } from './reservation.ts';

/** How much an order is, in units and in the instrument's currency; amounts are null without a price. */
export interface OrderSize {
  /** Units still to trade. */
  readonly quantity: Fixed;
  readonly notional: Fixed | null;
  /** What it reserves: of a replacement the larger of both revisions, as long as it is pending. */
  readonly reserveQuantity: Fixed;
  readonly reserveNotional: Fixed | null;
  /** Share of the order that it replaces. */
  readonly replaced: OrderExposure;
}

/** Units of a notional order at a price, rounded up, so that what it reserves is not less than it asks for. */
const estimateQuantity = (notional: Fixed, price: Fixed, multiplier: Fixed): Fixed => {
  const unit = multiply(price, multiplier);
  if (unit <= 0n) return 0n;
  const units = mulDiv(notional, ONE, unit);
  return fillNotional(price, units, multiplier) < notional ? units + 1n : units;
};

const askedUnits = ({ quantity, notional }: ReadTerms, price: Fixed | null, multiplier: Fixed): Fixed => {
  if (quantity !== null) return quantity;
  return notional === null || price === null ? 0n : estimateQuantity(notional, price, multiplier);
};

export const sizeOf = (
  read: ReadTerms,
  price: Fixed | null,
  multiplier: Fixed,
  replaces: Order | null,
): OrderSize => {
  const asked = askedUnits(read, price, multiplier);
  const value = (units: Fixed, at: Fixed): Fixed => fillNotional(at, units, multiplier);
  if (replaces === null) {
    const reserved = price === null ? null : value(asked, price);
    return {
      quantity: asked,
      notional: read.notional ?? reserved,
      reserveQuantity: asked,
      reserveNotional: reserved,
      replaced: NO_EXPOSURE,
    };
  }
  const replaced = exposureOf(replaces);
  const quantity = max(asked - executedQuantity(replaces), 0n);
  const reserveQuantity = max(quantity, replaced.quantity);
  const highest = price === null ? null : max(price, replaces.reservePrice ?? price);
  return {
    quantity,
    notional: price === null ? null : value(quantity, price),
    reserveQuantity,
    reserveNotional: highest === null ? null : value(reserveQuantity, highest),
    replaced,
  };
};
