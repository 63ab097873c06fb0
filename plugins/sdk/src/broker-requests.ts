import type { BrokerRejection } from './broker-events.ts';
import type { Decimal, OrderTerms } from './order-terms.ts';
import type { BarInterval } from './venue-market.ts';

declare const approved: unique symbol;

/**
 * An order that passed the risk rules and whose intent is durable. Only the gateway's risk module
 * makes one, so that a broker cannot be handed anything else.
 * @see {@link Broker}
 */
export type ApprovedOrder = OrderTerms & {
  readonly account: string;
  /** The id to send: unique for each revision of an order, the same when the same revision is sent again. */
  readonly venueOrderId: string;
  /** W3C trace context of the request behind the order. */
  readonly traceparent: string | null;
  readonly [approved]: true;
};

/**
 * A replacement of a working order: the full new terms under a new venue id. A trailing order whose offset
 * and stop price are as they were goes on from where it has trailed to.
 * @example
 * ```ts
 * const bodyOf = ({ order, previousVenueOrderId }: ReplaceRequest) => ({
 *   replaces: previousVenueOrderId,
 *   clientOrderId: order.venueOrderId,
 *   quantity: order.quantity,
 *   limitPrice: order.limitPrice,
 * });
 * ```
 */
export interface ReplaceRequest {
  /** The id that the revision to be replaced was sent with. */
  readonly previousVenueOrderId: string;
  /** The venue's own id of it; null while the venue has not told it. */
  readonly previousBrokerOrderId: string | null;
  readonly order: ApprovedOrder;
}

/**
 * Which order is to be taken out of the market. It may be done or unknown there by the time that the venue reads it:
 * TOO_LATE or UNKNOWN_ORDER is the answer then, and no error.
 * @example
 * ```ts
 * const pathOf = ({ brokerOrderId, venueOrderId }: CancelRequest) =>
 *   brokerOrderId === null ? `/orders/by-client-id/${venueOrderId}` : `/orders/${brokerOrderId}`;
 * ```
 */
export interface CancelRequest {
  readonly account: string;
  /** The id that the order's last revision was sent with. */
  readonly venueOrderId: string;
  /** The venue's own id; null while the venue has not told it. */
  readonly brokerOrderId: string | null;
  /** W3C trace context of the request to cancel. */
  readonly traceparent: string | null;
}

/**
 * What became of a request; `at` is market time in epoch milliseconds.
 * `accepted`: the venue has it (for replace and cancel: will act on it; the order stream tells the end).
 * `rejected`: the venue refused it. `notSent`: provably no byte left. `unknown`: anything else, a
 * timeout first of all. An adapter never retries a submit or replace by itself.
 * @example
 * ```ts
 * function outcomeOf(status: number, answer: { id: string; why: string }, at: number): BrokerOutcome {
 *   if (status === 201) return { kind: 'accepted', brokerOrderId: answer.id, at };
 *   if (status === 422) return { kind: 'rejected', code: 'INVALID_ORDER', message: answer.why, at };
 *   // A 5xx, say: the order may be in the market all the same.
 *   return { kind: 'unknown', reason: `the venue answered ${status}` };
 * }
 * ```
 */
export type BrokerOutcome =
  | { readonly kind: 'accepted'; readonly brokerOrderId: string; readonly at: number }
  | {
      readonly kind: 'rejected';
      readonly code: BrokerRejection;
      readonly message: string;
      readonly at: number;
    }
  | { readonly kind: 'notSent'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * An account that a connection is to trade for. The same may be asked again after a restart or a loss.
 * @example
 * ```ts
 * declare function openStream(account: string, signal: AbortSignal): Promise<void>;
 *
 * const attach = ({ account }: AttachRequest, signal: AbortSignal) => openStream(account, signal);
 * ```
 */
export interface AttachRequest {
  /** The gateway's id of it, by which all other calls and events name it. */
  readonly account: string;
  /** ISO 4217 code, or a code of the venue's such as "USDT". */
  readonly baseCurrency: string;
  /**
   * What a simulated venue credits a new account with, in the base currency; other venues ignore it. The gateway has
   * booked it: a venue that tells it as a transfer all the same gives it the reference `starting-cash`.
   */
  readonly startingCash: Decimal | null;
}

/**
 * Which bars of the past are wanted: those that start in `from` to `to`, epoch milliseconds of market time, counted from
 * the oldest.
 * @example
 * ```ts
 * const queryOf = ({ from, interval, limit, symbol, to }: BarsRequest) =>
 *   new URLSearchParams({
 *     ...{ symbol, interval, limit: String(limit) },
 *     ...(from === null ? {} : { from: new Date(from).toISOString() }),
 *     ...(to === null ? {} : { to: new Date(to).toISOString() }),
 *   });
 * ```
 */
export interface BarsRequest {
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Start of the first bar, inclusive; null is the beginning. */
  readonly from: number | null;
  /** Exclusive; null is now. */
  readonly to: number | null;
  /** How many at most: the oldest of them, from `from` on. */
  readonly limit: number;
}
