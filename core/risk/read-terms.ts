import type { Decimal, OrderTerms } from '@omniquant/plugin-sdk';
import { type Fixed, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Denial } from './denial.ts';
import { deny } from './deny.ts';

const DECIMAL_FIELDS = [
  'quantity',
  'notional',
  'limitPrice',
  'stopPrice',
  'trailingOffset',
  'displayQuantity',
] as const;

type DecimalField = (typeof DECIMAL_FIELDS)[number];
/** The decimals of an order's terms, read. */
export type ReadTerms = Readonly<Record<DecimalField, Fixed | null>>;

const readField = (value: Decimal | null): Fixed | null | undefined =>
  value === null ? null : tryParseDecimal(value);

const denyUnreadable = (field: DecimalField, terms: OrderTerms): Denial =>
  deny(
    'INVALID_ORDER',
    `${field} ${JSON.stringify(terms[field])} is no decimal: give a string such as "12.5"`,
    {
      field,
    },
  );

/** Denied INVALID_ORDER, with its name, where a field is no decimal. */
export const readTerms = (terms: OrderTerms): ReadTerms | Denial => {
  const read: Record<DecimalField, Fixed | null> = {
    quantity: null,
    notional: null,
    limitPrice: null,
    stopPrice: null,
    trailingOffset: null,
    displayQuantity: null,
  };
  for (const field of DECIMAL_FIELDS) {
    const value = readField(terms[field]);
    if (value === undefined) return denyUnreadable(field, terms);
    read[field] = value;
  }
  return read;
};
