import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { TearSheetInput } from './tear-sheet-input.ts';

const toJson = (_name: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return formatDecimal(value);
  return value instanceof Float64Array ? Array.from(value) : value;
};

/** All figures of a report but the prices: money as decimal strings, fractions as numbers, times in epoch ms. */
export const reportJson = ({ prices: _, ...report }: TearSheetInput): string =>
  `${JSON.stringify(report, toJson, 2)}\n`;
