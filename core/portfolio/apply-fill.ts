import type { OrderSide } from '@omniquant/plugin-sdk';
import { abs, divide, type Fixed, mulDiv, multiply, ONE } from '@omniquant/plugin-sdk/decimal';

import type { Position } from './position.ts';

/** Value of an execution in the instrument's currency, one rounding (half-even, 18 decimals) at the end. */
export const fillNotional = (price: Fixed, quantity: Fixed, multiplier: Fixed): Fixed =>
  multiplier === ONE ? multiply(price, quantity) : mulDiv(price * quantity, multiplier, ONE * ONE);

export const emptyPosition = (symbol: string, currency: string, multiplier: Fixed): Position => ({
  symbol,
  currency,
  multiplier,
  quantity: 0n,
  cost: 0n,
  realizedPnl: 0n,
});

/**
 * Books an execution by average cost (the rules are in position.ts). One that flips the position closes
 * all of it first and opens the rest with what remains of the notional.
 *
 * Over any fills: realised PnL - cost = -(sum of signed notionals), exactly.
 */
export const applyFill = (position: Position, side: OrderSide, quantity: Fixed, price: Fixed): void => {
  const signed = side === 'BUY' ? quantity : -quantity;
  const notional = fillNotional(price, quantity, position.multiplier);
  const value = side === 'BUY' ? notional : -notional;
  const held = position.quantity;

  if (held === 0n || held > 0n === signed > 0n) {
    position.quantity = held + signed;
    position.cost += value;
    return;
  }
  if (quantity <= abs(held)) {
    const released = quantity === abs(held) ? position.cost : mulDiv(position.cost, quantity, abs(held));
    position.realizedPnl -= value + released;
    position.cost -= released;
    position.quantity = held + signed;
    return;
  }
  const closed = fillNotional(price, abs(held), position.multiplier);
  const closing = side === 'BUY' ? closed : -closed;
  position.realizedPnl -= closing + position.cost;
  position.cost = value - closing;
  position.quantity = held + signed;
};

/** Cost per unit, half-even to 18 decimals; null when nothing is held. */
export const averagePrice = ({
  quantity,
  cost,
  multiplier,
}: Pick<Position, 'quantity' | 'cost' | 'multiplier'>): Fixed | null => {
  if (quantity === 0n) return null;
  return multiplier === ONE ? divide(cost, quantity) : mulDiv(cost * ONE, ONE, quantity * multiplier);
};

/** An execution as a position is folded from it. */
export interface PositionFill {
  readonly side: OrderSide;
  readonly price: Fixed;
  readonly quantity: Fixed;
}

/** The position that fills make in the order in which they are given. */
export const foldPosition = (
  instrument: Pick<Position, 'symbol' | 'currency' | 'multiplier'>,
  fills: Iterable<PositionFill>,
): Position => {
  const position = emptyPosition(instrument.symbol, instrument.currency, instrument.multiplier);
  for (const { side, price, quantity } of fills) applyFill(position, side, quantity, price);
  return position;
};
