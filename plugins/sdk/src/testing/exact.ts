import { type Fixed, tryParseDecimal } from '../decimal.ts';
import { ReplayError } from './replay-error.ts';

/**
 * The exact decimal that a float is written as: 100.1 is "100.1", not the binary fraction beside it. Throws
 * {@link ReplayError} for what is no amount, such as NaN.
 */
export function exact(value: number): Fixed {
  const text = String(value);
  // Very small and very large floats are written with an exponent, which a decimal has none of.
  const parsed = tryParseDecimal(text.includes('e') ? value.toFixed(18) : text);
  if (parsed !== undefined) return parsed;
  throw new ReplayError('REPLAY_BARS', `${text} is no price or size: give a finite number below 10^20`);
}
