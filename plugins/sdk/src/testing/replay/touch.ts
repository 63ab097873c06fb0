import { abs, type Fixed, max, min, multiply, roundToStep } from '../../decimal.ts';
import type { OrderSide } from '../../order-terms.ts';
import type { PaperOrder } from './order.ts';
import { TRAITS } from './order-types.ts';

/*
 * What one bar does to one order. A bar tells its open, which comes first, its close, which comes last, and
 * its extremes, of which only the prices are known. What is not known is taken to the order's disadvantage:
 *
 * - LIMIT: at the open where that is at the limit or better; else at the limit when the bar trades through
 *   it. A bar that only touches the limit fills nothing: others stood in line before.
 * - STOP and the if-touched types trigger when the bar reaches their price: at the open when that is at the
 *   price or beyond, else at the price. What they become is filled there and then: a market order at that
 *   price; a limit order too, if its limit allows. Where it does not, it rests: over the rest of the bar when
 *   it triggered at the open, else from the next bar on, as nobody knows what came after.
 * - Trailing orders are compared with the level from before the bar; then with the level by its open, as all
 *   else came later; then with the level by its extreme, and only against the close, which came later still.
 *
 * All of it is written for a buyer; for a seller prices change their sign, and with it every comparison.
 */

/** OHLC, exact. */
export interface ExactPrices {
  readonly open: Fixed;
  readonly high: Fixed;
  readonly low: Fixed;
  readonly close: Fixed;
}

export interface Touch {
  /** Where a fill would be; null: none. */
  readonly fill: { readonly price: Fixed; readonly atOpen: boolean } | null;
  /** Its trigger is reached in this bar. */
  readonly triggers: boolean;
  /** Trigger and limit as they stand after the bar; they move with trailing orders only. */
  readonly stop: Fixed | null;
  readonly limit: Fixed | null;
}

type Reached = { readonly price: Fixed; readonly atOpen: boolean } | null;

const signOf = (side: OrderSide): bigint => (side === 'BUY' ? 1n : -1n);

/** The bar as a buyer sees it who sells. */
const seenBy = (side: OrderSide, { open, high, low, close }: ExactPrices): ExactPrices =>
  side === 'BUY' ? { open, high, low, close } : { open: -open, high: -low, low: -high, close: -close };

const atLimit = ({ open, low }: ExactPrices, limit: Fixed): Reached => {
  if (open <= limit) return { price: open, atOpen: true };
  return low < limit ? { price: limit, atOpen: false } : null;
};

const atStop = ({ open, high }: ExactPrices, stop: Fixed): Reached => {
  if (open >= stop) return { price: open, atOpen: true };
  return high >= stop ? { price: stop, atOpen: false } : null;
};

const atTouch = ({ open, low }: ExactPrices, stop: Fixed): Reached => {
  if (open <= stop) return { price: open, atOpen: true };
  return low <= stop ? { price: stop, atOpen: false } : null;
};

/** The level that a trailing order keeps from a price, on the tick further away. */
export const trailedLevel = (order: PaperOrder, price: Fixed, tick: Fixed): Fixed => {
  const sign = signOf(order.side);
  return sign * trailing(order, tick)(sign * price);
};

const trailing = (order: PaperOrder, tick: Fixed) => {
  const offset = order.trailingOffset ?? 0n;
  const isFraction = order.trailingOffsetType === 'PERCENT';
  return (price: Fixed): Fixed =>
    roundToStep(price + (isFraction ? multiply(abs(price), offset) : offset), tick, 'ceil');
};

interface Trail {
  readonly reached: Reached;
  readonly level: Fixed;
}

const atTrail = (bar: ExactPrices, known: Fixed | null, levelAt: (price: Fixed) => Fixed): Trail => {
  const before = known ?? levelAt(bar.open);
  if (bar.open >= before) return { reached: { price: bar.open, atOpen: true }, level: before };
  const early = min(before, levelAt(bar.open));
  if (bar.high >= early) return { reached: { price: early, atOpen: false }, level: early };
  const late = min(early, levelAt(bar.low));
  const reached = bar.close >= late ? { price: late, atOpen: false } : null;
  return { reached, level: late };
};

/** What a triggered order comes to. */
const afterTrigger = (bar: ExactPrices, reached: Reached, limit: Fixed | null): Reached => {
  if (reached === null || limit === null) return reached;
  if (reached.atOpen) return atLimit(bar, limit);
  return reached.price <= limit ? reached : null;
};

/** Market orders, triggered or not, are filled at the open. */
const atOnce = (bar: ExactPrices, limit: Fixed | null): Reached =>
  limit === null ? { price: bar.open, atOpen: true } : atLimit(bar, limit);

/** What a bar does to an open order. Changes nothing. */
export function touchOf(order: PaperOrder, prices: ExactPrices, tick: Fixed): Touch {
  const { trigger, trailing: isTrailing } = TRAITS[order.type];
  const sign = signOf(order.side);
  const bar = seenBy(order.side, prices);
  const signed = (value: Fixed | null): Fixed | null => (value === null ? null : sign * value);
  const shown = (fill: Reached, triggers: boolean, stop: Fixed | null, limit: Fixed | null): Touch => ({
    fill: fill === null ? null : { ...fill, price: sign * fill.price },
    triggers,
    stop: signed(stop),
    limit: signed(limit),
  });
  const limit = signed(order.limit);
  const stop = signed(order.stop);
  if (trigger === null || order.triggered) return shown(atOnce(bar, limit), false, stop, limit);
  if (isTrailing) {
    const { reached, level } = atTrail(bar, stop, trailing(order, tick));
    // The limit of a trailing order keeps its distance from the level.
    const moved = limit === null ? null : limit + level - (stop ?? level);
    return shown(afterTrigger(bar, reached, moved), reached !== null, level, moved);
  }
  const reached = stop === null ? null : trigger === 'STOP' ? atStop(bar, stop) : atTouch(bar, stop);
  return shown(afterTrigger(bar, reached, limit), reached !== null, stop, limit);
}

const BASIS_POINTS = 10_000n;

/** A price that is so many basis points worse, on the tick further away; never below one tick. */
export function slipped(price: Fixed, side: OrderSide, bps: Fixed, tick: Fixed): Fixed {
  if (bps === 0n) return price;
  const sign = signOf(side);
  const worse = sign * price + multiply(price, bps) / BASIS_POINTS;
  return max(sign * roundToStep(worse, tick, 'ceil'), tick);
}
