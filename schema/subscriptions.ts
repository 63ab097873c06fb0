import type { BarInterval } from '@omniquant/plugin-sdk';

import type { JournaledEvent } from '../core/engine/account-event.ts';
import type { Bar } from '../core/market/bar.ts';
import type { Quote } from '../core/market/quote.ts';
import type { OrderRecord } from '../core/orders/order-record.ts';
import type { AlertRow } from '../core/ports/read-model.ts';
import type { RequestContext } from './context.ts';

/** An event of an order, with the order as it stood right after it. */
export interface OrderEventMessage {
  readonly accountId: string;
  /** Resumes the stream right after this event; see event-cursor.ts. */
  readonly cursor: string;
  /** `envelope.event` is one of the order's (RECALLED is never among them). */
  readonly envelope: JournaledEvent;
  readonly order: OrderRecord;
}

export interface RiskAlertMessage {
  readonly accountId: string;
  readonly cursor: string;
  readonly alert: AlertRow;
}

/** The account changed up to this journal sequence, or a price that its figures depend on: read it anew. */
export interface AccountChangedMessage {
  readonly accountId: string;
  readonly seq: number;
}

/**
 * What subscription fields return from `subscribe`. Rights are checked here, before a stream opens:
 * rejects with UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, BAD_USER_INPUT or CURSOR_INVALID.
 *
 * The streams are sources only: the server drains them through its own bounded queue for each
 * subscriber and runs `resolve` of the field once for all equal subscriptions. So `resolve` must depend
 * on nothing of the context but the workspace and the scopes.
 */
export interface SubscriptionSources {
  orderEvents(
    context: RequestContext,
    accountId: string,
    after: string | null,
  ): Promise<AsyncIterable<OrderEventMessage>>;
  riskAlerts(
    context: RequestContext,
    accountId: string,
    after: string | null,
  ): Promise<AsyncIterable<RiskAlertMessage>>;
  /** At most ten a second; the first one at once. */
  accountUpdates(context: RequestContext, accountId: string): Promise<AsyncIterable<AccountChangedMessage>>;
  /** The latest quote of each symbol at once, then as they change; a slow reader skips to the latest. */
  quotes(context: RequestContext, symbols: readonly string[]): Promise<AsyncIterable<Quote>>;
  bars(
    context: RequestContext,
    symbols: readonly string[],
    interval: BarInterval,
  ): Promise<AsyncIterable<Bar>>;
}
