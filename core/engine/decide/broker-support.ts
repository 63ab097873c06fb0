import type { BrokerCapabilities, OrderTerms } from '@omniquant/plugin-sdk';
import { isMultipleOf, ONE, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import { hasTrigger, triggeredType } from '../../orders/order-types.ts';
import type { Denial } from '../../risk/denial.ts';
import type { BrokerView } from '../decide-context.ts';
import { fieldDenial } from './results.ts';

const unsupported = (field: string, message: string): Denial =>
  fieldDenial(field, message, 'UNSUPPORTED_BY_BROKER');

/** Whether the gateway has to watch the trigger, because the venue does not know the type. */
export const isEmulated = ({ type }: Pick<OrderTerms, 'type'>, { orderTypes }: BrokerCapabilities): boolean =>
  hasTrigger(type) && !orderTypes.includes(type);

const isWhole = (quantity: string): boolean => {
  const units = tryParseDecimal(quantity);
  return units === undefined || isMultipleOf(units, ONE);
};

const isMomentary = ({ type, timeInForce }: OrderTerms): boolean =>
  type === 'MARKET' || timeInForce === 'IOC' || timeInForce === 'FOK';

/** Null when the venue can do it, by itself or with the gateway watching the trigger. */
export const checkSupport = (terms: OrderTerms, capabilities: BrokerCapabilities): Denial | null => {
  const sentType = isEmulated(terms, capabilities) ? triggeredType(terms.type) : terms.type;
  if (!capabilities.orderTypes.includes(sentType)) {
    return unsupported('type', `${terms.type} is not supported by the broker`);
  }
  if (!capabilities.timesInForce.includes(terms.timeInForce)) {
    return unsupported('timeInForce', `${terms.timeInForce} is not supported by the broker`);
  }
  if (terms.notional !== null && !capabilities.notional) {
    return unsupported('notional', 'orders are not supported by the broker: give a quantity');
  }
  if (terms.quantity !== null && !capabilities.fractional && !isWhole(terms.quantity)) {
    return unsupported('quantity', 'has to be whole: the broker does not trade fractions');
  }
  if (terms.postOnly && !capabilities.postOnly) {
    return unsupported('postOnly', 'is not supported by the broker');
  }
  if (terms.displayQuantity !== null && !capabilities.displayQuantity) {
    return unsupported('displayQuantity', 'is not supported by the broker');
  }
  if (terms.extendedHours && !capabilities.extendedHours) {
    return unsupported('extendedHours', 'is not supported by the broker');
  }
  // What trades at once is sized within the position here; what rests needs the venue's own check.
  if (
    terms.reduceOnly &&
    !capabilities.reduceOnly &&
    !isMomentary(terms) &&
    !isEmulated(terms, capabilities)
  ) {
    return unsupported('reduceOnly', 'orders that rest are not supported by the broker');
  }
  return null;
};

export const checkReady = ({ ready, reason }: BrokerView): Denial | null =>
  ready
    ? null
    : {
        code: 'BROKER_NOT_READY',
        message: `the broker is not ready: ${reason ?? 'not connected'}`,
        details: { reason },
      };
