import { tryParseDecimal } from '@omniquant/plugin-sdk/decimal';
import { z } from 'zod';

import { BacktestError } from './backtest-error.ts';

/** Money is given as text: a number of JSON has lost its exactness before anybody reads it. */
export const decimalFrom = (lowest: 'ANY' | 'ZERO' | 'ABOVE_ZERO') =>
  z.string({ error: 'has to be a decimal in quotes, such as "0.5"' }).refine(
    (text) => {
      const value = tryParseDecimal(text);
      if (value === undefined) return false;
      return lowest === 'ANY' || (lowest === 'ZERO' ? value >= 0n : value > 0n);
    },
    {
      error:
        lowest === 'ANY'
          ? 'has to be a decimal'
          : `has to be a decimal ${lowest === 'ZERO' ? 'from 0' : 'above 0'}`,
    },
  );

export const fractionBelow = (most: number) =>
  z
    .number({ error: 'has to be a number' })
    .min(0, 'has to be at least 0')
    .max(most, `has to be at most ${most}`);

/** Reads a setting. Throws {@link BacktestError} BAD_USER_INPUT with the path of what is wrong, from `field` on. */
export function parseSetting<T>(schema: z.ZodType<T>, input: unknown, field: string): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [field, ...(issue?.path ?? [])].map(String).join('.');
  throw new BacktestError('BAD_USER_INPUT', `${path} ${issue?.message ?? 'is wrong'}`, path);
}

/** The words of a discriminator that is none of the known ones. */
export const oneOf = (names: readonly string[]): string => `has to be one of ${names.join(', ')}`;
