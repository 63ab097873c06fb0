import type { Decimal, Liquidity, OrderTerms } from './order-terms.ts';

/**
 * Why a venue refused, in words that are the same for all venues. INVALID_ORDER: terms that it does not take.
 * TOO_LATE: the order is done already. OTHER: whatever has no word here; the message beside it says what.
 * @example
 * ```ts
 * const CODES: Readonly<Record<string, BrokerRejection>> = {
 *   'margin-exceeded': 'INSUFFICIENT_FUNDS',
 *   'no-such-instrument': 'UNKNOWN_SYMBOL',
 * };
 * const codeOf = (why: string): BrokerRejection => CODES[why] ?? 'OTHER';
 * ```
 */
export type BrokerRejection =
  | 'INSUFFICIENT_FUNDS'
  | 'UNKNOWN_SYMBOL'
  | 'MARKET_CLOSED'
  | 'INVALID_ORDER'
  | 'WOULD_TAKE_LIQUIDITY'
  | 'NOT_SHORTABLE'
  | 'DUPLICATE_ORDER_ID'
  | 'UNKNOWN_ORDER'
  | 'TOO_LATE'
  | 'RATE_LIMITED'
  | 'OTHER';

interface OrderMessage {
  /** Our account at this venue, as given to `attach`. */
  readonly account: string;
  /** The id that we sent with the order's revision; null for an order that was not placed by a gateway. */
  readonly venueOrderId: string | null;
  /** The venue's own id. */
  readonly brokerOrderId: string;
  /** Market time, epoch ms. */
  readonly at: number;
}

/**
 * One execution. `executionId` is unique within the venue order and the same whenever it is reported again.
 * @see {@link BrokerEvent}
 */
export interface VenueFill extends OrderMessage {
  readonly kind: 'filled';
  readonly executionId: string;
  /** Of one unit, in the instrument's currency. */
  readonly price: Decimal;
  /** Units, above zero on either side. */
  readonly quantity: Decimal;
  /** In `feeCurrency`, negative for a rebate. Null while the venue has not said it; a `feeCharged` follows then. */
  readonly fee: Decimal | null;
  /** Null: that of the instrument. */
  readonly feeCurrency: string | null;
  /** Null where the venue does not say it. */
  readonly liquidity: Liquidity | null;
  /** Position in the venue's list of fills, to be handed back to `fillsSince`. */
  readonly cursor: string | null;
}

/**
 * What a venue says about an order. May be late, doubled or out of order: the gateway sorts that out. Amounts are
 * decimals as the venue has written them, times (`at`) epoch milliseconds of market time.
 *
 * `accepted`, `triggered`, `filled`, `canceled`, `expired`, `rejected` are the order's life. `stopMoved`: a trailing
 * trigger came closer. `busted`: the venue took an execution back. `feeCharged`: the fee of an execution that was told
 * without. `replaced`, `replaceRejected`, `cancelRejected`: how a request ended.
 * @example
 * ```ts
 * function tellFill(sink: BrokerSink, fill: { order: string; id: string; price: string; size: string; at: number }) {
 *   sink.event({
 *     ...{ kind: 'filled', account: 'acc-1', venueOrderId: fill.order, brokerOrderId: fill.order },
 *     ...{ executionId: fill.id, price: fill.price, quantity: fill.size, fee: '0.35', feeCurrency: 'USD' },
 *     ...{ liquidity: 'TAKER', cursor: fill.id, at: fill.at },
 *   });
 * }
 * ```
 */
export type BrokerEvent =
  | (OrderMessage & {
      readonly kind: 'accepted';
      /** Total quantity; the venue's answer to a notional order. */
      readonly quantity: Decimal | null;
    })
  | (OrderMessage & { readonly kind: 'rejected'; readonly code: BrokerRejection; readonly message: string })
  | (OrderMessage & { readonly kind: 'triggered' })
  | (OrderMessage & {
      readonly kind: 'stopMoved';
      readonly stopPrice: Decimal;
      readonly limitPrice: Decimal | null;
    })
  | VenueFill
  | (OrderMessage & { readonly kind: 'busted'; readonly executionId: string })
  | (OrderMessage & {
      readonly kind: 'feeCharged';
      readonly executionId: string;
      readonly fee: Decimal;
      readonly feeCurrency: string;
    })
  | (OrderMessage & { readonly kind: 'canceled'; readonly reason: string | null })
  | (OrderMessage & {
      readonly kind: 'cancelRejected';
      readonly code: BrokerRejection;
      readonly message: string;
    })
  /** `venueOrderId` is the id of the new revision. */
  | (OrderMessage & { readonly kind: 'replaced' })
  /** `venueOrderId` is the id of the refused revision. */
  | (OrderMessage & {
      readonly kind: 'replaceRejected';
      readonly code: BrokerRejection;
      readonly message: string;
    })
  | (OrderMessage & { readonly kind: 'expired' })
  /** Money moved by the venue for another reason than a trade. `reference` is unique in the account. */
  | {
      readonly kind: 'transfer';
      readonly account: string;
      readonly at: number;
      readonly reference: string;
      readonly currency: string;
      /** Signed: what the account has got is above zero. */
      readonly amount: Decimal;
      readonly reason: string;
    };

/**
 * Where an order is at its venue. The first three are live, the others are the end of it.
 * @see {@link VenueOrder}
 */
export type VenueOrderStatus =
  /** It waits outside the book, for its trigger or an auction. */
  | 'HELD'
  /** It can trade. */
  | 'WORKING'
  /** Its trigger was reached. */
  | 'TRIGGERED'
  /** All of its quantity was executed. */
  | 'FILLED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'REJECTED'
  /** Another revision took its place. */
  | 'REPLACED';

/**
 * An order as the venue has it now: what `lookup` and `openOrders` answer with.
 * @example
 * ```ts
 * const orderOf = (terms: OrderTerms, row: { clientId: string; id: string; done: string }): VenueOrder => ({
 *   ...{ account: 'acc-1', venueOrderId: row.clientId, brokerOrderId: row.id, terms },
 *   status: row.done === terms.quantity ? 'FILLED' : 'WORKING',
 *   ...{ filledQuantity: row.done, stopPrice: null, message: null, at: Date.UTC(2026, 0, 30, 14, 30) },
 * });
 * ```
 */
export interface VenueOrder {
  readonly account: string;
  /** The id that we sent with this revision; null for an order that was not placed by a gateway. */
  readonly venueOrderId: string | null;
  /** The venue's own id. */
  readonly brokerOrderId: string;
  readonly status: VenueOrderStatus;
  readonly terms: OrderTerms;
  /** Units executed so far. */
  readonly filledQuantity: Decimal;
  /** Trigger as it stands now. */
  readonly stopPrice: Decimal | null;
  /** What the venue says about it, such as why it was rejected. */
  readonly message: string | null;
  /** When this was so, market time, epoch ms. */
  readonly at: number;
}

/**
 * What an account holds of one instrument at the venue. One that is not told is not held.
 * @example
 * ```ts
 * const short: VenuePosition = { symbol: 'TSLA', quantity: '-25' };
 * ```
 */
export interface VenuePosition {
  readonly symbol: string;
  /** Units, signed; negative is short. */
  readonly quantity: Decimal;
}

/**
 * The cash that an account has in one currency at the venue; negative when it is borrowed.
 * @example
 * ```ts
 * const balances: VenueBalance[] = [{ currency: 'USD', total: '100000' }, { currency: 'EUR', total: '-12.5' }];
 * ```
 */
export interface VenueBalance {
  readonly currency: string;
  /** What orders have reserved included. */
  readonly total: Decimal;
}
