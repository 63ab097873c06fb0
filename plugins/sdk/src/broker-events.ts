import type { Decimal, Liquidity, OrderTerms } from './order-terms.ts';

/** Why a venue refused, in words that are the same for all venues. */
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

/** One execution. `executionId` is unique within the venue order and the same whenever it is reported again. */
export interface VenueFill extends OrderMessage {
  readonly kind: 'filled';
  readonly executionId: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** Null while the venue has not said it; a `feeCharged` follows then. */
  readonly fee: Decimal | null;
  readonly feeCurrency: string | null;
  readonly liquidity: Liquidity | null;
  /** Position in the venue's list of fills, to be handed back to `fillsSince`. */
  readonly cursor: string | null;
}

/** What a venue says about an order. May be late, doubled or out of order: the gateway sorts that out. */
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
      /** Signed. */
      readonly amount: Decimal;
      readonly reason: string;
    };

export type VenueOrderStatus =
  | 'HELD'
  | 'WORKING'
  | 'TRIGGERED'
  | 'FILLED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'REJECTED'
  /** Another revision took its place. */
  | 'REPLACED';

/** An order as the venue has it now. */
export interface VenueOrder {
  readonly account: string;
  readonly venueOrderId: string | null;
  readonly brokerOrderId: string;
  readonly status: VenueOrderStatus;
  readonly terms: OrderTerms;
  readonly filledQuantity: Decimal;
  /** Trigger as it stands now. */
  readonly stopPrice: Decimal | null;
  readonly message: string | null;
  readonly at: number;
}

export interface VenuePosition {
  readonly symbol: string;
  /** Signed; negative is short. */
  readonly quantity: Decimal;
}

export interface VenueBalance {
  readonly currency: string;
  readonly total: Decimal;
}

export interface VenueInstrument {
  readonly symbol: string;
  readonly name: string | null;
  readonly assetClass: 'EQUITY' | 'CRYPTO' | 'FX' | 'FUTURE' | 'OPTION' | 'INDEX';
  readonly currency: string;
  readonly tickSize: Decimal;
  readonly lotSize: Decimal;
  readonly multiplier: Decimal;
  readonly minQuantity: Decimal | null;
  readonly maxQuantity: Decimal | null;
  readonly shortable: boolean;
  readonly fractionable: boolean;
  readonly exchange: string | null;
  readonly calendar: 'US_EQUITY' | 'ALWAYS';
}

/** Top of the book. Sizes in units. */
export interface VenueQuote {
  readonly symbol: string;
  readonly at: number;
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly bidSize: Decimal | null;
  readonly askSize: Decimal | null;
  readonly last: Decimal | null;
}

export interface VenueTrade {
  readonly symbol: string;
  readonly at: number;
  readonly price: Decimal;
  readonly size: Decimal;
}

export type BarInterval =
  'SECOND_1' | 'MINUTE_1' | 'MINUTE_5' | 'MINUTE_15' | 'HOUR_1' | 'HOUR_4' | 'DAY_1' | 'WEEK_1';

export interface VenueBar {
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Start of the bar. */
  readonly at: number;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal | null;
  readonly isClosed: boolean;
}

/** The venue's own clock. `speed` is market seconds per second; 1 elsewhere than on a replay. */
export interface VenueClock {
  readonly at: number;
  readonly replayed: boolean;
  readonly speed: number;
}
