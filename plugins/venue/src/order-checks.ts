import type { OrderSide, OrderTerms, OrderType, TimeInForce } from '@omniquant/plugin-sdk';
import { ONE, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Refusal } from './commands.ts';
import type { InstrumentGrid } from './instrument-grid.ts';

/** What a symbol's market looks like to a check. */
export interface CheckContext {
  readonly grid: InstrumentGrid;
  /** Market time. */
  readonly at: number;
  readonly isOpen: boolean;
  /** Price of the last trade, ticks. */
  readonly last: number;
  /** What a buyer pays, and a seller gets, at once; ticks. */
  readonly bid: number;
  readonly ask: number;
}

/** An order's terms, counted in ticks and lots. */
export interface CheckedTerms {
  readonly lots: number;
  readonly display: number | null;
  readonly limit: number | null;
  readonly stop: number | null;
}

const TRAILING: readonly OrderType[] = ['TRAILING_STOP', 'TRAILING_STOP_LIMIT'];
const LIMITED: readonly OrderType[] = ['LIMIT', 'STOP_LIMIT', 'LIMIT_IF_TOUCHED', 'TRAILING_STOP_LIMIT'];
const TRIGGERED: readonly OrderType[] = [
  'STOP',
  'STOP_LIMIT',
  'MARKET_IF_TOUCHED',
  'LIMIT_IF_TOUCHED',
  ...TRAILING,
];
const TYPES: readonly OrderType[] = ['MARKET', 'LIMIT', ...TRIGGERED];
const SIDES: readonly OrderSide[] = ['BUY', 'SELL'];
const TIMES_IN_FORCE: readonly TimeInForce[] = ['DAY', 'GTC', 'GTD', 'IOC', 'FOK', 'OPG', 'CLS'];

export const isTrailing = (type: OrderType): boolean => TRAILING.includes(type);
export const hasTrigger = (type: OrderType): boolean => TRIGGERED.includes(type);
const hasLimit = (type: OrderType): boolean => LIMITED.includes(type);
const isImmediate = (tif: TimeInForce): boolean => tif === 'IOC' || tif === 'FOK';
const isAuction = (tif: TimeInForce): boolean => tif === 'OPG' || tif === 'CLS';

const invalid = (message: string): Refusal => ({ code: 'INVALID_ORDER', message });

export const isRefusal = (value: object): value is Refusal => 'code' in value;

/** Counts an order's terms in the instrument's steps, or says why the venue does not take them. */
export const checkTerms = (terms: OrderTerms, market: CheckContext): CheckedTerms | Refusal => {
  const refusal = checkKind(terms, market) ?? checkModifiers(terms);
  if (refusal !== null) return refusal;
  const { grid } = market;
  const prices = { limit: checkPrice(grid, terms.limitPrice), stop: checkPrice(grid, terms.stopPrice) };
  if (prices.limit === undefined || prices.stop === undefined) {
    return invalid(`prices of ${grid.symbol} are positive multiples of ${grid.instrument.tickSize}`);
  }
  const lots = countLots(terms, market, prices.limit);
  if (lots === null) return invalid(quantityAdvice(grid));
  const display = terms.displayQuantity === null ? null : grid.lots(terms.displayQuantity);
  if (terms.displayQuantity !== null && (display === null || display > lots)) {
    return invalid(`display quantity has to be a multiple of ${grid.instrument.lotSize} up to the quantity`);
  }
  return { lots, display, limit: prices.limit, stop: prices.stop };
};

const quantityAdvice = ({ symbol, instrument }: InstrumentGrid): string =>
  `quantities of ${symbol} are multiples of ${instrument.lotSize}` +
  (instrument.minQuantity === null ? '' : `, at least ${instrument.minQuantity}`) +
  (instrument.maxQuantity === null ? '' : `, at most ${instrument.maxQuantity}`);

const checkKind = (terms: OrderTerms, market: CheckContext): Refusal | null => {
  const { type, side, timeInForce: tif } = terms;
  if (!TYPES.includes(type)) return invalid(`order type ${type} is not known`);
  if (!SIDES.includes(side)) return invalid('side is BUY or SELL');
  if (!TIMES_IN_FORCE.includes(tif)) return invalid(`time in force ${tif} is not known`);
  if ((terms.quantity === null) === (terms.notional === null)) {
    return invalid('give exactly one of quantity and notional');
  }
  if ((terms.limitPrice !== null) !== hasLimit(type)) return invalid(`limit price does not fit ${type}`);
  if (terms.stopPrice !== null && !hasTrigger(type)) return invalid(`stop price does not fit ${type}`);
  if (terms.stopPrice === null && hasTrigger(type) && !isTrailing(type)) {
    return invalid(`${type} needs a stop price`);
  }
  if (isTrailing(type)) return checkTrail(terms) ?? checkTime(terms, market);
  if (terms.trailingOffset !== null) return invalid(`trailing offset does not fit ${type}`);
  return checkTime(terms, market);
};

const checkTrail = ({ trailingOffset, trailingOffsetType }: OrderTerms): Refusal | null => {
  const offset = trailingOffset === null ? undefined : tryParseDecimal(trailingOffset);
  if (offset === undefined || offset <= 0n) return invalid('trailing offset has to be above zero');
  if (trailingOffsetType === 'PRICE') return null;
  if (trailingOffsetType !== 'PERCENT') return invalid('trailing offset type is PRICE or PERCENT');
  return offset < ONE ? null : invalid('a trailing offset in percent is a fraction below 1');
};

const checkTime = (terms: OrderTerms, market: CheckContext): Refusal | null => {
  const { type, timeInForce: tif, expireAt } = terms;
  if (tif === 'GTD' && (expireAt === null || expireAt <= market.at)) {
    return invalid('GTD needs an expiry in the future');
  }
  if ((isImmediate(tif) || isAuction(tif)) && hasTrigger(type)) {
    return invalid(`${tif} cannot wait for a trigger`);
  }
  if (!market.isOpen && (isImmediate(tif) || terms.notional !== null)) {
    return { code: 'MARKET_CLOSED', message: `${market.grid.symbol} does not trade now` };
  }
  return null;
};

const checkModifiers = (terms: OrderTerms): Refusal | null => {
  const { type, timeInForce: tif } = terms;
  const rests = hasLimit(type) && !isImmediate(tif) && !isAuction(tif);
  if (terms.postOnly && !rests) return invalid('only a limit order that may rest can be post-only');
  if (terms.displayQuantity !== null && !rests) {
    return invalid('only a limit order that may rest can hide a part');
  }
  if (terms.notional !== null && ((type !== 'MARKET' && type !== 'LIMIT') || isAuction(tif))) {
    return invalid('an amount of money fits MARKET and LIMIT orders outside auctions');
  }
  if (terms.extendedHours && type !== 'LIMIT') return invalid('only LIMIT orders trade in extended hours');
  return null;
};

/** Null stays null; undefined is a price that the instrument cannot have. */
const checkPrice = (grid: InstrumentGrid, price: string | null): number | null | undefined =>
  price === null ? null : (grid.ticks(price) ?? undefined);

/** An amount of money buys as many lots as it pays for at the limit, or else at the quote. */
const countLots = (terms: OrderTerms, market: CheckContext, limit: number | null): number | null => {
  if (terms.quantity !== null) return market.grid.lots(terms.quantity);
  const amount = terms.notional === null ? undefined : tryParseDecimal(terms.notional);
  if (amount === undefined || amount <= 0n) return null;
  const price = limit ?? (terms.side === 'BUY' ? market.ask : market.bid);
  return price > 0 && price < Infinity ? market.grid.lotsFor(amount, price) : null;
};
