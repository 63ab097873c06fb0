import type { Decimal } from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Denial, DenialCode } from './denial.ts';

/** A denial whose exact numbers become decimal strings. */
export const deny = (
  code: DenialCode,
  message: string,
  details: Readonly<Record<string, Fixed | string | number | boolean | null>>,
): Denial => {
  const texts: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(details)) {
    texts[name] = typeof value === 'bigint' ? formatDecimal(value) : value;
  }
  return { code, message, details: texts };
};

/** For messages. */
export const show = formatDecimal;

export const readLimit = (limit: Decimal | null): Fixed | null =>
  limit === null ? null : parseDecimal(limit);
