import { type InstrumentView, wholeLots } from '@omniquant/plugin-sdk';
import type { Fixed } from '@omniquant/plugin-sdk/decimal';

export interface SizeOptions {
  /** In the instrument's currency, as all amounts here. */
  readonly equity: number;
  readonly close: number;
  readonly atr: number;
  readonly riskFraction: number;
  readonly stopMultiple: number;
  readonly maxWeight: number;
}

/**
 * Units whose loss at a stop `stopMultiple` average true ranges away is `riskFraction` of the equity, and that
 * are worth at most `maxWeight` of it; in whole lots, rounded down. 0 where nothing moves.
 */
export function sizeOf(options: SizeOptions, instrument: InstrumentView): Fixed {
  const { atr, close, equity, maxWeight, riskFraction, stopMultiple } = options;
  if (!(equity > 0 && atr > 0 && close > 0)) return 0n;
  const multiplier = Number(instrument.multiplier);
  const byRisk = (equity * riskFraction) / (stopMultiple * atr * multiplier);
  const byWorth = (equity * maxWeight) / (close * multiplier);
  return wholeLots(Math.min(byRisk, byWorth), instrument);
}
