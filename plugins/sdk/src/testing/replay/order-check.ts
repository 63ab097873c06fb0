import { type Fixed, ONE, tryParseDecimal } from '../../decimal.ts';
import type { StrategyOrder } from '../../strategy-effects.ts';
import type { InstrumentView } from '../../strategy-inputs.ts';
import { TRAITS } from './order-types.ts';

/*
 * Whether what a strategy asks for is an order at all, by the rules of a gateway: which fields its type
 * needs, which make no sense with it, and whether its prices and quantity fit the instrument.
 */

const RESTING = ['DAY', 'GTC', 'GTD'];
const MOMENTARY = ['IOC', 'FOK'];
const AMOUNTS = ['quantity', 'notional', 'limitPrice', 'stopPrice', 'trailingOffset'] as const;

const isPositive = (text: string | null | undefined): boolean =>
  text === null || text === undefined || (tryParseDecimal(text) ?? 0n) > 0n;

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const fixed = (text: string | undefined): Fixed => (text === undefined ? 0n : (tryParseDecimal(text) ?? 0n));

const badAmounts = (order: StrategyOrder): string | null => {
  const bad = AMOUNTS.find((field) => !isPositive(order[field]));
  if (bad !== undefined) return `${bad} has to be above zero`;
  if (isGiven(order.quantity) === isGiven(order.notional)) {
    return 'exactly one of quantity and notional is needed';
  }
  const type = order.type ?? 'MARKET';
  return isGiven(order.notional) && type !== 'MARKET' && type !== 'LIMIT'
    ? `notional does not go with ${type}`
    : null;
};

const badTrail = (
  { trailingOffset, trailingOffsetType }: Pick<StrategyOrder, 'trailingOffset' | 'trailingOffsetType'>,
  field: string,
): string | null => {
  if (!isGiven(trailingOffset)) return `${field} is needed`;
  if (!isPositive(trailingOffset)) return `${field} has to be above zero`;
  if (trailingOffsetType !== 'PRICE' && trailingOffsetType !== 'PERCENT') {
    return `${field}Type is PRICE or PERCENT`;
  }
  const isWhole = trailingOffsetType === 'PERCENT' && fixed(trailingOffset) >= ONE;
  return isWhole ? `${field} in percent is a fraction below 1` : null;
};

const badPrices = (order: StrategyOrder): string | null => {
  const type = order.type ?? 'MARKET';
  const { limit, trigger, trailing } = TRAITS[type];
  if (limit && !isGiven(order.limitPrice)) return `limitPrice is needed for ${type}`;
  if (!limit && isGiven(order.limitPrice)) return `limitPrice does not go with ${type}`;
  if (trigger === null && isGiven(order.stopPrice)) return `stopPrice does not go with ${type}`;
  if (trigger !== null && !trailing && !isGiven(order.stopPrice)) return `stopPrice is needed for ${type}`;
  if (trailing) return badTrail(order, 'trailingOffset');
  return isGiven(order.trailingOffset) ? `trailingOffset does not go with ${type}` : null;
};

/** What is wrong with the time in force of an order; null when nothing is. `now` is market time. */
const badTime = (
  { type = 'MARKET', timeInForce = 'DAY', expireAt }: Partial<StrategyOrder>,
  now: number,
): string | null => {
  if (!RESTING.includes(timeInForce) && !MOMENTARY.includes(timeInForce)) {
    return `timeInForce ${timeInForce} is none that a replay of bars knows: it has no auctions`;
  }
  if (MOMENTARY.includes(timeInForce) && TRAITS[type].trigger !== null) {
    return `timeInForce ${timeInForce} cannot wait for the trigger of ${type}`;
  }
  if (timeInForce !== 'GTD') return isGiven(expireAt) ? 'expireAt goes with GTD only' : null;
  if (!Number.isSafeInteger(expireAt)) return 'expireAt is needed for GTD, in whole epoch milliseconds';
  return (expireAt ?? 0) > now ? null : 'expireAt has to be in the future of market time';
};

const badStop = (stop: NonNullable<StrategyOrder['stopLoss']>): string | null => {
  if (isGiven(stop.stopPrice) === isGiven(stop.trailingOffset)) {
    return 'stopLoss needs either a stopPrice or a trailingOffset';
  }
  if (!isGiven(stop.trailingOffset)) return null;
  if (isGiven(stop.limitPrice)) return 'stopLoss.limitPrice does not go with a trailing offset';
  return badTrail(stop, 'stopLoss.trailingOffset');
};

/** The profit has to lie on the gain's side of the entry, the stop on the loss's, and both apart. */
const badBracket = (order: StrategyOrder): string | null => {
  const { side, stopLoss, takeProfit } = order;
  if (stopLoss === undefined && takeProfit === undefined) return null;
  if (!isGiven(order.quantity)) return 'a bracket goes with a quantity, not with a notional';
  if (order.reduceOnly === true) return 'a bracket does not go with reduceOnly';
  const prices = [takeProfit?.limitPrice, stopLoss?.stopPrice, stopLoss?.limitPrice];
  if (!prices.every(isPositive)) return 'the prices of a bracket have to be above zero';
  const problem = stopLoss === undefined ? null : badStop(stopLoss);
  if (problem !== null) return problem;
  const direction = side === 'BUY' ? 1n : -1n;
  const ladder = [takeProfit?.limitPrice, order.limitPrice ?? order.stopPrice, stopLoss?.stopPrice]
    .filter((price) => price !== undefined)
    .map((price) => direction * fixed(price));
  const isOrdered = ladder.every((price, index) => index === 0 || (ladder[index - 1] ?? price) > price);
  return isOrdered ? null : 'takeProfit, entry and stopLoss have to lie in this order';
};

const badGrid = (order: StrategyOrder, { lotSize, tickSize }: InstrumentView): string | null => {
  const tick = fixed(tickSize);
  const { stopLoss, takeProfit } = order;
  const prices = [order.limitPrice, order.stopPrice, takeProfit?.limitPrice, stopLoss?.stopPrice];
  if ([...prices, stopLoss?.limitPrice].some((price) => fixed(price) % tick !== 0n)) {
    return `its prices have to be multiples of the tick ${tickSize}`;
  }
  return fixed(order.quantity) % fixed(lotSize) === 0n
    ? null
    : `quantity has to be a multiple of the lot ${lotSize}`;
};

/** What is wrong with an order; null when nothing is. */
export function badOrder(order: StrategyOrder, instrument: InstrumentView, now: number): string | null {
  const type = order.type ?? 'MARKET';
  if (!Object.hasOwn(TRAITS, type)) return `${type} is no type of order`;
  const problem = badAmounts(order) ?? badPrices(order) ?? badTime(order, now) ?? badBracket(order);
  if (problem !== null) return problem;
  const rests = type === 'LIMIT' && RESTING.includes(order.timeInForce ?? 'DAY');
  if (order.postOnly === true && !rests) return 'postOnly goes with LIMIT orders that may rest';
  return badGrid(order, instrument);
}
