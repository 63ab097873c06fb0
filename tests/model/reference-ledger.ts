/**
 * The money of the reference model, worked out anew from the whole list of fills and open orders each
 * time it is asked for. Amounts, prices and quantities are integers of 10^-18 (what the decimal parser
 * gives), multipliers are plain integers.
 */
const UNIT = 10n ** 18n;

export type Side = 'BUY' | 'SELL';

export interface Trade {
  readonly side: Side;
  readonly price: bigint;
  readonly quantity: bigint;
}

export interface Holding {
  quantity: bigint;
  cost: bigint;
  realized: bigint;
}

/** What the orders of one side of a symbol may still trade, in units and in money. */
export interface Share {
  readonly side: Side;
  readonly units: bigint;
  readonly amount: bigint;
}

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const size = (x: bigint): bigint => (x < 0n ? -x : x);

/** n / d to the nearest integer, a tie to the even one. */
export const halfEven = (n: bigint, d: bigint): bigint => {
  const down = n / d - (n % d !== 0n && n < 0n !== d < 0n ? 1n : 0n);
  const twice = 2n * size(n - down * d);
  return twice > size(d) || (twice === size(d) && down % 2n !== 0n) ? down + 1n : down;
};

export const worth = (price: bigint, quantity: bigint, multiplier: bigint): bigint =>
  halfEven(price * quantity * multiplier, UNIT);

/** By average cost: what closes comes first, what opens after it; the last lot takes all of the cost. */
export const holdingOf = (trades: readonly Trade[], multiplier: bigint): Holding => {
  const held: Holding = { quantity: 0n, cost: 0n, realized: 0n };
  for (const { side, price, quantity } of trades) {
    const sign = side === 'BUY' ? 1n : -1n;
    const against = held.quantity !== 0n && held.quantity > 0n !== sign > 0n;
    const closed = against ? least(quantity, size(held.quantity)) : 0n;
    if (closed > 0n) {
      const released =
        closed === size(held.quantity) ? held.cost : halfEven(held.cost * closed, size(held.quantity));
      held.realized += -sign * worth(price, closed, multiplier) - released;
      held.cost -= released;
    }
    held.cost += sign * worth(price, quantity - closed, multiplier);
    held.quantity += sign * quantity;
  }
  return held;
};

export const sumOf = (shares: readonly Share[], side: Side): Omit<Share, 'side'> => {
  const own = shares.filter((share) => share.side === side);
  return {
    units: own.reduce((sum, { units }) => sum + units, 0n),
    amount: own.reduce((sum, { amount }) => sum + amount, 0n),
  };
};

/** Units of a position that an order of this side could close. */
export const closableBy = (side: Side, position: bigint): bigint =>
  most(side === 'BUY' ? -position : position, 0n);

/** opening(side) = side notional x (side units - units it could close) / side units, rounded up. */
const openingOf = (shares: readonly Share[], side: Side, position: bigint): bigint => {
  const { units, amount } = sumOf(shares, side);
  if (units === 0n) return amount;
  const opening = most(units - closableBy(side, position), 0n);
  return (amount * opening + units - 1n) / units;
};

/** The larger of both sides: buys and sells of a symbol cannot both enlarge its position. */
export const reservedBy = (shares: readonly Share[], position: bigint): bigint =>
  most(openingOf(shares, 'BUY', position), openingOf(shares, 'SELL', position));
