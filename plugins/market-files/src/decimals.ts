import { type Fixed, ONE, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

const LOOSE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a number as files have them, exponents and all, exactly; undefined for what is none or too long. */
export function readDecimal(text: string): Fixed | undefined {
  const usual = tryParseDecimal(text);
  if (usual !== undefined) return usual;
  const match = LOOSE.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  if (digits === '') return undefined;
  const point = whole.length + Number(exponent);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(1, point);
  const before = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const after = padded.slice(at).replace(/0+$/, '');
  return tryParseDecimal(`${sign === '-' ? '-' : ''}${before}${after === '' ? '' : `.${after}`}`);
}

/** The same divided by a scale; undefined also where that would round. */
export function readScaled(text: string, scale: Fixed): Fixed | undefined {
  const value = readDecimal(text);
  if (value === undefined || scale === ONE) return value;
  return (value * ONE) % scale === 0n ? (value * ONE) / scale : undefined;
}
