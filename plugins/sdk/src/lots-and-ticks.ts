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
 * Units in whole lots, towards zero. Throws `DecimalError` for what is not finite or 1e20 and more.
 * @example
 * const quantity = wholeLots((risk * equity) / distance, instrument);
 * if (quantity > 0n) yield place({ symbol, side: 'BUY', quantity: formatDecimal(quantity) });
 */
export const wholeLots = (units: number | Fixed, { lotSize }: Pick<InstrumentView, 'lotSize'>): Fixed =>
  roundToStep(exact(units), parseDecimal(lotSize), 'down');

/**
 * A price level at the neighbouring tick. Throws `DecimalError` for what is not finite or 1e20 and more.
 * @example place({ symbol, side: 'SELL', quantity, type: 'STOP', stopPrice: atTick(low, instrument, 'floor') })
 */
export const atTick = (
  price: number | Fixed,
  { tickSize }: Pick<InstrumentView, 'tickSize'>,
  mode: 'floor' | 'ceil' | 'half-even',
): Decimal => formatDecimal(roundToStep(exact(price), parseDecimal(tickSize), mode));
