import { DecimalError, type Fixed, formatDecimal, parseDecimal, roundToStep } from './decimal.ts';
import type { Decimal } from './order-terms.ts';
import type { InstrumentView } from './strategy-inputs.ts';

/*
 * Where statistics become orders: a size or a price level that was computed in floats, in the steps that the
 * instrument trades in.
 */

/** Digits that a float holds for certain. */
const DIGITS = 15;

/** A number at 15 digits, so that 0.1 + 0.2 is 0.3 and is not rounded up to the next tick. */
const exact = (x: number | Fixed): Fixed => {
  if (typeof x === 'bigint') return x;
  if (!Number.isFinite(x) || Math.abs(x) >= 1e20) {
    throw new DecimalError(`${x} is no size or price of an order: give a finite number below 1e20`);
  }
  const integerDigits = Math.trunc(Math.abs(x)).toFixed(0).length;
  return parseDecimal(x.toFixed(Math.max(0, DIGITS - integerDigits)));
};

/**
 * Units in whole lots, towards zero. A float counts at 15 digits, so that 0.1 + 0.2 is three lots of 0.1.
 * @returns Exact; `formatDecimal` makes the quantity of an order of it.
 * @throws {@link DecimalError} for what is not finite or 1e20 and more.
 * @example
 * ```ts
 * function sized(risked: number, distance: number, instrument: InstrumentView): StrategyEffect[] {
 *   const quantity = wholeLots(risked / distance, instrument);
 *   const { symbol } = instrument;
 *   return quantity > 0n ? [place({ symbol, side: 'BUY', quantity: formatDecimal(quantity) })] : [];
 * }
 * ```
 */
export const wholeLots = (units: number | Fixed, { lotSize }: Pick<InstrumentView, 'lotSize'>): Fixed =>
  roundToStep(exact(units), parseDecimal(lotSize), 'down');

/**
 * A price level at the neighbouring tick: below it, above it, or the nearest (of two as near, that of an even number of
 * ticks). A float counts at 15 digits.
 * @returns The price for an order, in the unit of `price`.
 * @throws {@link DecimalError} for what is not finite or 1e20 and more.
 * @example
 * ```ts
 * atTick(1.1 * 3, { tickSize: '0.1' }, 'ceil'); // '3.3'
 * atTick(99.875, { tickSize: '0.25' }, 'half-even'); // '100'
 * ```
 */
export const atTick = (
  price: number | Fixed,
  { tickSize }: Pick<InstrumentView, 'tickSize'>,
  mode: 'floor' | 'ceil' | 'half-even',
): Decimal => formatDecimal(roundToStep(exact(price), parseDecimal(tickSize), mode));
