import type { Decimal, Liquidity, OrderTerms, TimeInForce } from '@omniquant/plugin-sdk';

import type { DenialCode } from '../risk/denial.ts';
import type { DoneReason, HeldAt, HeldFor, OrderOrigin, OrderRole } from './order.ts';
import type { OrderRecord } from './order-record.ts';

/** What `apply` needs of an instrument, journaled with the order so that a replay needs no reference data. */
export interface OrderInstrument {
  readonly currency: string;
  readonly multiplier: Decimal;
  readonly tickSize: Decimal;
  readonly lotSize: Decimal;
}

export interface OrderInitialized {
  readonly type: 'INITIALIZED';
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly requestHash: string | null;
  readonly strategyId: string | null;
  readonly terms: OrderTerms;
  readonly instrument: OrderInstrument;
  readonly role: OrderRole;
  readonly origin: OrderOrigin;
  readonly parentId: string | null;
  readonly legIds: readonly string[];
  /** Level that a trailing trigger starts from; null where the type has none or the venue keeps it. */
  readonly triggerPrice: Decimal | null;
  readonly reservePrice: Decimal | null;
  readonly estimatedQuantity: Decimal | null;
}

export interface OrderDeniedEvent {
  readonly type: 'DENIED';
  readonly orderId: string;
  readonly code: DenialCode;
  readonly message: string;
  /** The numbers compared, as decimal strings. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** New terms asked for by a replace; what is not replaced is repeated. */
export interface RevisedTerms {
  readonly quantity: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly trailingOffset: Decimal | null;
  readonly timeInForce: TimeInForce;
  readonly expireAt: number | null;
}

/**
 * Everything that can happen to an order, as it is journaled: JSON-safe, decimals as strings. The
 * `type`s but RECALLED are the API's OrderEventType.
 */
export type OrderEvent =
  | OrderInitialized
  | OrderDeniedEvent
  | {
      readonly type: 'HELD';
      readonly orderId: string;
      readonly at: HeldAt;
      readonly reason: HeldFor;
    }
  /** A leg whose entry has filled: it now works (or its trigger is now watched). */
  | { readonly type: 'RELEASED'; readonly orderId: string; readonly quantity: Decimal }
  | {
      readonly type: 'SUBMITTED';
      readonly orderId: string;
      readonly venueOrderId: string;
      readonly revision: number;
    }
  | {
      readonly type: 'ACCEPTED';
      readonly orderId: string;
      readonly brokerOrderId: string;
      readonly quantity: Decimal | null;
    }
  | { readonly type: 'REJECTED'; readonly orderId: string; readonly code: string; readonly message: string }
  | { readonly type: 'TRIGGERED'; readonly orderId: string; readonly price: Decimal | null }
  /** Goes to the venue if the order was sent; a REPLACED in the same commit answers it for a held one. */
  | {
      readonly type: 'REPLACE_REQUESTED';
      readonly orderId: string;
      readonly requestId: string;
      readonly revision: number;
      readonly venueOrderId: string;
      readonly terms: RevisedTerms;
      readonly reservePrice: Decimal | null;
    }
  | {
      readonly type: 'REPLACED';
      readonly orderId: string;
      readonly revision: number;
      readonly brokerOrderId: string | null;
    }
  | {
      readonly type: 'REPLACE_REJECTED';
      readonly orderId: string;
      readonly revision: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: 'CANCEL_REQUESTED'; readonly orderId: string; readonly reason: string | null }
  | { readonly type: 'CANCELED'; readonly orderId: string; readonly reason: string | null }
  | {
      readonly type: 'CANCEL_REJECTED';
      readonly orderId: string;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: 'EXPIRED'; readonly orderId: string }
  | {
      readonly type: 'FILLED';
      readonly orderId: string;
      readonly executionId: string;
      readonly price: Decimal;
      readonly quantity: Decimal;
      readonly fee: Decimal | null;
      readonly feeCurrency: string | null;
      readonly liquidity: Liquidity | null;
      /** The venue's time of the execution. */
      readonly executedAt: number;
      /** Booked after the order was done. */
      readonly late: boolean;
      readonly cursor: string | null;
    }
  | {
      readonly type: 'FILL_BUSTED';
      readonly orderId: string;
      readonly executionId: string;
      /**
       * The position as the fills that still stand make it, folded anew when the bust was decided. A bust
       * that came before its fill leaves it as it is; the fill is then booked as busted.
       */
      readonly position: {
        readonly quantity: Decimal;
        readonly cost: Decimal;
        readonly realizedPnl: Decimal;
      };
    }
  | { readonly type: 'OVERFILLED'; readonly orderId: string; readonly excess: Decimal }
  /** A leg follows what its entry or sibling has filled. */
  | { readonly type: 'RESIZED'; readonly orderId: string; readonly quantity: Decimal }
  | {
      readonly type: 'STOP_MOVED';
      readonly orderId: string;
      readonly triggerPrice: Decimal;
      readonly limitPrice: Decimal | null;
    }
  | { readonly type: 'IN_DOUBT'; readonly orderId: string; readonly reason: string }
  /** Brought in line with the venue: found there again, adopted, or settled by an operator. */
  | {
      readonly type: 'RECONCILED';
      readonly orderId: string;
      readonly lifecycle: 'WORKING' | 'TRIGGERED' | 'DONE';
      readonly doneReason: DoneReason | null;
      readonly brokerOrderId: string | null;
      /** Revision found at the venue. */
      readonly revision: number;
      /** Terms of that revision where the order's own may differ. */
      readonly terms: RevisedTerms | null;
      /** What a unit reserves by these terms; left out where that stays as it is. */
      readonly reservePrice?: Decimal;
      /** Whose word it is. On a GATEWAY's or OPERATOR's an order is only assumed to be done. */
      readonly source: 'VENUE' | 'GATEWAY' | 'OPERATOR';
      readonly reason: string;
    }
  /** A done order that had left memory is needed again: its record, as it was. */
  | { readonly type: 'RECALLED'; readonly orderId: string; readonly record: OrderRecord };

export type OrderEventType = OrderEvent['type'];
