/** What Acme's API says, and what it means in the words of the SDK. */
import type {
  BrokerEvent,
  BrokerRejection,
  OrderTerms,
  VenueFill,
  VenueOrder,
  VenueOrderStatus,
} from '@omniquant/plugin-sdk';

/** Amounts are decimal strings, and ids have 64 bits: neither may ever become a number. */
export interface WireOrder {
  readonly id: string;
  readonly clientId: string | null;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: string;
  readonly tif: string;
  readonly qty: string;
  readonly limit: string | null;
  readonly stop: string | null;
  readonly status: string;
  readonly filled: string;
  readonly time: string;
}

export interface WireExecution {
  readonly kind: 'execution' | 'bust';
  /** Its place in the list of executions. */
  readonly seq: number;
  readonly executionId: string;
  readonly orderId: string;
  readonly clientId: string | null;
  readonly qty: string;
  readonly price: string;
  readonly fee: string;
  readonly time: string;
}

const STATUSES: Readonly<Record<string, VenueOrderStatus>> = {
  new: 'WORKING',
  partially_filled: 'WORKING',
  filled: 'FILLED',
  canceled: 'CANCELED',
  expired: 'EXPIRED',
  replaced: 'REPLACED',
  rejected: 'REJECTED',
};

const REJECTIONS: Readonly<Record<string, BrokerRejection>> = {
  'insufficient-funds': 'INSUFFICIENT_FUNDS',
  'unknown-symbol': 'UNKNOWN_SYMBOL',
  'invalid-order': 'INVALID_ORDER',
  'duplicate-client-id': 'DUPLICATE_ORDER_ID',
  'order-not-found': 'UNKNOWN_ORDER',
  'order-is-done': 'TOO_LATE',
  'too-many-requests': 'RATE_LIMITED',
};

export const TYPES = { MARKET: 'market', LIMIT: 'limit', STOP: 'stop' } as const;
export const TIMES_IN_FORCE = { DAY: 'day', GTC: 'gtc' } as const;

/** Of a table above, backwards. */
const wordFor = <K extends string>(table: Readonly<Record<K, string>>, wire: string): K => {
  const found = (Object.keys(table) as K[]).find((word) => table[word] === wire);
  if (found === undefined) throw new Error(`Acme says ${wire}, which this plugin does not know`);
  return found;
};

export const rejectionOf = (code: string): BrokerRejection => REJECTIONS[code] ?? 'OTHER';

/** Null for terms that Acme does not know. */
export function toWire(clientId: string, terms: OrderTerms): Readonly<Record<string, string | null>> | null {
  const { limitPrice, quantity, side, stopPrice, symbol, timeInForce, type } = terms;
  const isKnown = Object.hasOwn(TYPES, type) && Object.hasOwn(TIMES_IN_FORCE, timeInForce);
  if (!isKnown || quantity === null || terms.postOnly || terms.reduceOnly || terms.extendedHours) return null;
  return {
    ...{ clientId, symbol, side: side === 'BUY' ? 'buy' : 'sell', qty: quantity },
    ...{ limit: limitPrice, stop: stopPrice },
    type: TYPES[type as keyof typeof TYPES],
    tif: TIMES_IN_FORCE[timeInForce as keyof typeof TIMES_IN_FORCE],
  };
}

/** @throws Error for an order in words that are new: it is not to be taken for another. */
export function toVenueOrder(account: string, order: WireOrder): VenueOrder {
  const status = STATUSES[order.status];
  if (status === undefined) {
    throw new Error(`Acme has an order in status ${order.status}, which is not known`);
  }
  const terms: OrderTerms = {
    ...{ symbol: order.symbol, side: order.side === 'buy' ? 'BUY' : 'SELL', quantity: order.qty },
    ...{ notional: null, limitPrice: order.limit, stopPrice: order.stop, expireAt: null },
    type: wordFor(TYPES, order.type),
    timeInForce: wordFor(TIMES_IN_FORCE, order.tif),
    ...{ trailingOffset: null, trailingOffsetType: null, postOnly: false, reduceOnly: false },
    ...{ displayQuantity: null, extendedHours: false },
  };
  return {
    ...{ account, venueOrderId: order.clientId, brokerOrderId: order.id, status, terms, message: null },
    ...{ filledQuantity: order.filled, stopPrice: order.stop, at: Date.parse(order.time) },
  };
}

export function toFill(
  account: string,
  wire: WireExecution,
): VenueFill | Extract<BrokerEvent, { kind: 'busted' }> {
  const { clientId, executionId, fee, orderId, price, qty, seq, time } = wire;
  const message = { account, venueOrderId: clientId, brokerOrderId: orderId, at: Date.parse(time) };
  if (wire.kind === 'bust') return { ...message, kind: 'busted', executionId };
  return {
    ...{ ...message, kind: 'filled', executionId, price, quantity: qty, fee, feeCurrency: 'USD' },
    ...{ liquidity: null, cursor: String(seq) },
  };
}

/** What a change of an order's status means; null for what other messages tell, undefined for what is new. */
export function toEvent(account: string, order: WireOrder): BrokerEvent | null | undefined {
  const message = {
    ...{ account, venueOrderId: order.clientId, brokerOrderId: order.id },
    at: Date.parse(order.time),
  };
  switch (order.status) {
    case 'new':
      return { ...message, kind: 'accepted', quantity: order.qty };
    case 'canceled':
      return { ...message, kind: 'canceled', reason: null };
    case 'expired':
      return { ...message, kind: 'expired' };
    case 'replacement':
      return { ...message, kind: 'replaced' };
    case 'rejected':
      return { ...message, kind: 'rejected', code: 'OTHER', message: 'rejected by Acme' };
    case 'partially_filled':
    case 'filled':
    case 'replaced':
      return null;
    default:
      return undefined;
  }
}
