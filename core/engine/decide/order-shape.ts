import type { OrderTerms, TimeInForce } from '@omniquant/plugin-sdk';
import { type Fixed, ONE, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import { hasLimit, hasTrigger, isTrailing, ORDER_TYPES } from '../../orders/order-types.ts';
import type { Denial } from '../../risk/denial.ts';
import { fieldDenial } from './results.ts';

/**
 * Whether an order is one at all: which fields its type needs and which make no sense with it. What the
 * instrument, the broker and the limits allow is asked elsewhere.
 */

const TIMES_IN_FORCE: readonly TimeInForce[] = ['DAY', 'GTC', 'GTD', 'IOC', 'FOK', 'OPG', 'CLS'];
const MOMENTARY: readonly TimeInForce[] = ['IOC', 'FOK', 'OPG', 'CLS'];

/** Amounts beyond have no market, and their products would not fit the ledger's columns. */
const LARGEST: Fixed = 10n ** 15n * ONE;

type AmountField =
  'quantity' | 'notional' | 'limitPrice' | 'stopPrice' | 'trailingOffset' | 'displayQuantity';
const AMOUNTS: readonly AmountField[] = [
  'quantity',
  'notional',
  'limitPrice',
  'stopPrice',
  'trailingOffset',
  'displayQuantity',
];

const checkAmount = (field: string, text: string): Denial | null => {
  const amount = tryParseDecimal(text);
  if (amount === undefined) return fieldDenial(field, 'is no decimal: give a string such as "12.5"');
  if (amount <= 0n) return fieldDenial(field, 'has to be above zero');
  return amount > LARGEST ? fieldDenial(field, 'is beyond 10^15') : null;
};

const amount = (text: string | null): Fixed => (text === null ? 0n : (tryParseDecimal(text) ?? 0n));

const checkAmounts = (terms: OrderTerms): Denial | null => {
  for (const field of AMOUNTS) {
    const text = terms[field];
    const denial = text === null ? null : checkAmount(field, text);
    if (denial !== null) return denial;
  }
  const quantity = amount(terms.quantity);
  for (const field of ['limitPrice', 'stopPrice'] as const) {
    if (quantity * amount(terms[field]) > LARGEST * ONE) {
      return fieldDenial(field, 'times quantity is beyond 10^15');
    }
  }
  return null;
};

const SIDES: readonly string[] = ['BUY', 'SELL'];

const checkChoices = ({ side, type, timeInForce }: OrderTerms): Denial | null => {
  if (!SIDES.includes(side)) return fieldDenial('side', 'is BUY or SELL');
  if (!ORDER_TYPES.includes(type)) return fieldDenial('type', `is one of ${ORDER_TYPES.join(', ')}`);
  if (TIMES_IN_FORCE.includes(timeInForce)) return null;
  return fieldDenial('timeInForce', `is one of ${TIMES_IN_FORCE.join(', ')}`);
};

const checkSize = (terms: OrderTerms): Denial | null => {
  const { quantity, notional, type, timeInForce } = terms;
  if (quantity === null && notional === null) return fieldDenial('quantity', 'or notional is needed');
  if (quantity !== null && notional !== null) {
    return fieldDenial('notional', 'and quantity exclude each other');
  }
  if (notional === null) return null;
  if (type !== 'MARKET' && type !== 'LIMIT') return fieldDenial('notional', `does not go with ${type}`);
  if (timeInForce === 'OPG' || timeInForce === 'CLS') {
    return fieldDenial('notional', `does not go with ${timeInForce}`);
  }
  return null;
};

const checkPrices = ({ type, limitPrice, stopPrice }: OrderTerms): Denial | null => {
  if (hasLimit(type) && limitPrice === null) return fieldDenial('limitPrice', `is needed for ${type}`);
  if (!hasLimit(type) && limitPrice !== null) return fieldDenial('limitPrice', `does not go with ${type}`);
  if (!hasTrigger(type) && stopPrice !== null) return fieldDenial('stopPrice', `does not go with ${type}`);
  if (hasTrigger(type) && !isTrailing(type) && stopPrice === null) {
    return fieldDenial('stopPrice', `is needed for ${type}`);
  }
  return null;
};

type Trail = Pick<OrderTerms, 'trailingOffset' | 'trailingOffsetType'>;

/** `prefix` is the path of the fields, such as "stopLoss.". */
export const checkTrailingOffset = (
  { trailingOffset, trailingOffsetType }: Trail,
  prefix = '',
): Denial | null => {
  if (trailingOffset === null) return fieldDenial(`${prefix}trailingOffset`, 'is needed');
  const denial = checkAmount(`${prefix}trailingOffset`, trailingOffset);
  if (denial !== null) return denial;
  if (trailingOffsetType !== 'PRICE' && trailingOffsetType !== 'PERCENT') {
    return fieldDenial(`${prefix}trailingOffsetType`, 'is PRICE or PERCENT');
  }
  if (trailingOffsetType === 'PERCENT' && amount(trailingOffset) >= ONE) {
    return fieldDenial(`${prefix}trailingOffset`, 'in percent is a fraction below 1: 0.05 is 5 %');
  }
  return null;
};

const checkTrail = (terms: OrderTerms): Denial | null => {
  if (isTrailing(terms.type)) return checkTrailingOffset(terms);
  if (terms.trailingOffset !== null) return fieldDenial('trailingOffset', `does not go with ${terms.type}`);
  if (terms.trailingOffsetType !== null) {
    return fieldDenial('trailingOffsetType', `does not go with ${terms.type}`);
  }
  return null;
};

/** Expiry and time in force; `now` is market time. */
export const checkTime = (
  { type, timeInForce, expireAt }: Pick<OrderTerms, 'type' | 'timeInForce' | 'expireAt'>,
  now: number,
): Denial | null => {
  if (MOMENTARY.includes(timeInForce) && hasTrigger(type)) {
    return fieldDenial('timeInForce', `${timeInForce} cannot wait for the trigger of ${type}`);
  }
  if (timeInForce !== 'GTD') return expireAt === null ? null : fieldDenial('expireAt', 'goes with GTD only');
  if (expireAt === null) return fieldDenial('expireAt', 'is needed for GTD');
  if (!Number.isSafeInteger(expireAt)) return fieldDenial('expireAt', 'is no time');
  return expireAt > now ? null : fieldDenial('expireAt', 'has to be in the future of market time');
};

const checkModifiers = (terms: OrderTerms): Denial | null => {
  const { type, timeInForce, quantity, displayQuantity } = terms;
  const rests = type === 'LIMIT' && !MOMENTARY.includes(timeInForce);
  if (terms.postOnly && !rests) return fieldDenial('postOnly', 'goes with LIMIT orders that may rest');
  if (terms.extendedHours && !rests) {
    return fieldDenial('extendedHours', 'goes with LIMIT orders that may rest');
  }
  if (displayQuantity === null) return null;
  if (!rests) return fieldDenial('displayQuantity', 'goes with LIMIT orders that may rest');
  if (quantity === null) return fieldDenial('displayQuantity', 'goes with a quantity');
  if (amount(displayQuantity) > amount(quantity)) {
    return fieldDenial('displayQuantity', 'is above the quantity');
  }
  return null;
};

/** Null for a well-formed order, else INVALID_ORDER with the field and what is wrong with it. */
export const checkShape = (terms: OrderTerms, now: number): Denial | null =>
  checkChoices(terms) ??
  checkAmounts(terms) ??
  checkSize(terms) ??
  checkPrices(terms) ??
  checkTrail(terms) ??
  checkTime(terms, now) ??
  checkModifiers(terms);

const CLIENT_ORDER_ID = /^[A-Za-z0-9._:-]{1,64}$/;

/** Client order ids of orders that the gateway makes of itself begin so. */
export const GATEWAY_CLIENT_ID_PREFIX = 'gateway:';

export const checkClientOrderId = (clientOrderId: string): Denial | null => {
  if (!CLIENT_ORDER_ID.test(clientOrderId)) {
    return fieldDenial('clientOrderId', 'has 1 to 64 of the characters A-Z a-z 0-9 . _ : -');
  }
  if (!clientOrderId.startsWith(GATEWAY_CLIENT_ID_PREFIX)) return null;
  return fieldDenial('clientOrderId', `must not begin with "${GATEWAY_CLIENT_ID_PREFIX}"`);
};
