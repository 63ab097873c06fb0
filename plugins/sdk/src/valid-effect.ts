import { tryParseDecimal } from './decimal.ts';
import type { StrategyEffect, StrategyOrder } from './strategy-effects.ts';

/** Longer names would not fit into ids and labels. */
const LONGEST_NAME = 64;

const isName = (value: unknown): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= LONGEST_NAME;

const isDecimal = (value: unknown): boolean =>
  typeof value === 'string' && tryParseDecimal(value) !== undefined;

const isTime = (value: unknown): boolean => typeof value === 'number' && Number.isSafeInteger(value);

const DECIMALS = ['quantity', 'notional', 'limitPrice', 'stopPrice', 'trailingOffset'] as const;

const badDecimal = (fields: object, path: string): string | null => {
  for (const name of DECIMALS) {
    const value = (fields as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && value !== null && !isDecimal(value)) {
      return `${path}.${name} has to be a decimal as a string, such as "12.5", and is ${JSON.stringify(value)}`;
    }
  }
  return null;
};

const badOrder = (order: StrategyOrder): string | null => {
  // Plugins written in JavaScript may hand over anything.
  if (typeof order !== 'object' || (order as unknown) === null) return 'place has no order';
  const { ref, side, symbol, stopLoss, takeProfit } = order;
  if (!isName(symbol)) return 'order.symbol is missing';
  if ((side as string) !== 'BUY' && (side as string) !== 'SELL') return 'order.side is neither BUY nor SELL';
  if (ref !== undefined && !isName(ref)) {
    return `order.ref has to be a name of at most ${String(LONGEST_NAME)} characters`;
  }
  return (
    badDecimal(order, 'order') ??
    (takeProfit === undefined ? null : badDecimal(takeProfit, 'order.takeProfit')) ??
    (stopLoss === undefined ? null : badDecimal(stopLoss, 'order.stopLoss'))
  );
};

const badNamedTime = (name: unknown, at: unknown): string | null => {
  if (!isName(name)) return 'setTimer needs a name';
  return isTime(at) ? null : 'setTimer needs a time in whole epoch milliseconds';
};

/**
 * What is wrong with the shape of an effect, in a line that names the field; null when nothing is. Whether its order
 * can be taken is for the gateway to say: that is a denial, not a mistake of shape.
 *
 * @example
 * ```ts
 * describeBadEffect(place({ symbol: 'ACME', side: 'BUY', quantity: '10' })); // null
 * describeBadEffect(setTimer('', 0)); // 'setTimer needs a name'
 * ```
 */
export const describeBadEffect = (effect: StrategyEffect): string | null => {
  if (typeof effect !== 'object' || (effect as unknown) === null) return `${typeof effect} is no effect`;
  switch (effect.type) {
    case 'place':
      return badOrder(effect.order);
    case 'replace':
      return isName(effect.ref) ? badDecimal(effect.change, 'change') : 'replace needs the ref of an order';
    case 'cancel':
      return isName(effect.ref) ? null : 'cancel needs the ref of an order';
    case 'cancelAll':
      return effect.symbol === null || isName(effect.symbol) ? null : 'cancelAll takes a symbol or null';
    case 'close':
      if (!isName(effect.symbol)) return 'close needs a symbol';
      return effect.quantity === null || isDecimal(effect.quantity) ? null : 'close.quantity is no decimal';
    case 'setTimer':
      return badNamedTime(effect.name, effect.at);
    case 'clearTimer':
      return isName(effect.name) ? null : 'clearTimer needs a name';
    case 'log':
      return typeof effect.message === 'string' ? null : 'log needs a message';
    case 'metric':
      return isName(effect.name) && Number.isFinite(effect.value)
        ? null
        : 'metric needs a name and a finite value';
    default:
      return `${JSON.stringify((effect as { type?: unknown }).type)} is no type of effect`;
  }
};
