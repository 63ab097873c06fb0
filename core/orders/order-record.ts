import type {
  Decimal,
  Liquidity,
  OrderSide,
  OrderType,
  TimeInForce,
  TrailingOffsetType,
} from '@omniquant/plugin-sdk';

import type { Denial } from '../risk/denial.ts';
import type { DoneReason, HeldAt, HeldFor, Lifecycle, OrderOrigin, OrderRole } from './order.ts';

export interface OrderFillRecord {
  readonly executionId: string;
  readonly seq: number;
  readonly at: number;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly liquidity: Liquidity | null;
  readonly fee: Decimal | null;
  readonly feeCurrency: string | null;
  readonly busted: boolean;
}

export interface RevisionRecord {
  readonly requestId: string;
  readonly revision: number;
  readonly reservePrice: Decimal | null;
  readonly previousReservePrice: Decimal | null;
  readonly quantity: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly trailingOffset: Decimal | null;
  readonly timeInForce: TimeInForce;
  readonly expireAt: number | null;
}

/**
 * An order as JSON: what snapshots, the archive and the read model hold, field by field the `Order`
 * it was made from. `orderToRecord` and `orderFromRecord` are each other's inverse.
 */
export interface OrderRecord {
  readonly id: string;
  readonly clientOrderId: string;
  readonly requestHash: string | null;
  readonly strategyId: string | null;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly role: OrderRole;
  readonly origin: OrderOrigin;
  readonly parentId: string | null;
  readonly legIds: readonly string[];
  readonly quantity: Decimal | null;
  readonly notional: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly triggerPrice: Decimal | null;
  readonly trailingOffset: Decimal | null;
  readonly trailingOffsetType: TrailingOffsetType | null;
  readonly timeInForce: TimeInForce;
  readonly expireAt: number | null;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly displayQuantity: Decimal | null;
  readonly extendedHours: boolean;
  readonly currency: string;
  readonly multiplier: Decimal;
  readonly tickSize: Decimal;
  readonly lotSize: Decimal;
  readonly reservePrice: Decimal | null;
  readonly estimatedQuantity: Decimal | null;
  readonly lifecycle: Lifecycle;
  readonly doneReason: DoneReason | null;
  readonly assumedDone: boolean;
  readonly reason: string | null;
  readonly denial: Denial | null;
  readonly pendingReplace: RevisionRecord | null;
  readonly replaceRequestIds: readonly string[];
  readonly pendingCancel: boolean;
  readonly heldAt: HeldAt | null;
  readonly heldFor: HeldFor | null;
  readonly revision: number;
  readonly lastRevision: number;
  readonly brokerOrderId: string | null;
  readonly sent: boolean;
  readonly doubted: boolean;
  readonly triggeredAt: number | null;
  readonly overfilled: boolean;
  readonly filledQuantity: Decimal;
  readonly bustedQuantity: Decimal;
  readonly filledNotional: Decimal;
  readonly fills: readonly OrderFillRecord[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly submittedAt: number | null;
  readonly doneAt: number | null;
  readonly traceId: string | null;
  readonly traceparent: string | null;
  readonly firstSeq: number;
  readonly lastSeq: number;
}
