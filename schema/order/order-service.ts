import type { OrderRecord } from '../../core/orders/order-record.ts';
import type { FillQuery, OrderQuery, Page } from '../../core/ports/order-reader.ts';
import type { FillRow } from '../../core/ports/read-model.ts';
import type { Denial } from '../../core/risk/denial.ts';
import type { PreviewReply } from '../../core/runtime/command-gate.ts';
import type { RequestContext } from '../context.ts';
import type { OrderResolution } from './order.enum.ts';
import type { PlaceOrderInput, ReplaceOrderInput } from './order.input.ts';

export type PlaceOrderRequest = Readonly<Pick<PlaceOrderInput, keyof PlaceOrderInput>>;
export type ReplaceOrderRequest = Readonly<Pick<ReplaceOrderInput, keyof ReplaceOrderInput>>;

export interface AccountOrder {
  readonly accountId: string;
  readonly record: OrderRecord;
}

export interface Denied {
  readonly kind: 'denied';
  readonly denial: Denial;
  /** The order that the denial was journaled with, if one was. */
  readonly order: AccountOrder | null;
}

export type PlaceOutcome =
  { readonly kind: 'placed'; readonly order: AccountOrder; readonly replayed: boolean } | Denied;

export type ChangeOutcome = { readonly kind: 'requested'; readonly order: AccountOrder } | Denied;

export interface ClosePositionRequest {
  readonly accountId: string;
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly quantity: string | null;
}

/**
 * Orders and fills. Every method authorises its caller, and answers of what is another workspace's as
 * of what does not exist: null, else NOT_FOUND. Commands that got no answer throw UNAVAILABLE.
 */
export interface OrderService {
  order(context: RequestContext, id: string): Promise<AccountOrder | null>;
  orderByClientId(
    context: RequestContext,
    accountId: string,
    clientOrderId: string,
  ): Promise<AccountOrder | null>;
  orders(context: RequestContext, query: OrderQuery): Promise<Page<OrderRecord>>;
  fills(context: RequestContext, query: FillQuery): Promise<Page<FillRow>>;
  preview(context: RequestContext, input: PlaceOrderRequest): Promise<PreviewReply>;
  place(context: RequestContext, input: PlaceOrderRequest): Promise<PlaceOutcome>;
  placeAll(
    context: RequestContext,
    accountId: string,
    inputs: readonly PlaceOrderRequest[],
  ): Promise<readonly PlaceOutcome[]>;
  replace(context: RequestContext, input: ReplaceOrderRequest): Promise<ChangeOutcome>;
  cancel(context: RequestContext, id: string): Promise<ChangeOutcome>;
  /** The orders for which a cancel was requested. */
  cancelAll(
    context: RequestContext,
    accountId: string,
    symbol: string | null,
  ): Promise<readonly AccountOrder[]>;
  closePosition(context: RequestContext, request: ClosePositionRequest): Promise<PlaceOutcome>;
  resolve(
    context: RequestContext,
    id: string,
    resolution: OrderResolution,
    reason: string,
  ): Promise<AccountOrder>;
}
