import type { Static, TSchema } from '@sinclair/typebox';

import type {
  BarInterval,
  BrokerEvent,
  BrokerRejection,
  VenueBalance,
  VenueBar,
  VenueClock,
  VenueFill,
  VenueInstrument,
  VenueOrder,
  VenuePosition,
  VenueQuote,
  VenueTrade,
} from './broker-events.ts';
import type { Context, Permission } from './context.ts';
import type { Decimal, OrderTerms, OrderType, TimeInForce } from './order-terms.ts';

declare const approved: unique symbol;

/**
 * An order that passed the risk rules and whose intent is durable. Only the gateway's risk module
 * makes one, so that a broker cannot be handed anything else.
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
 */
export interface ReplaceRequest {
  readonly previousVenueOrderId: string;
  /** Null while the venue has not told it. */
  readonly previousBrokerOrderId: string | null;
  readonly order: ApprovedOrder;
}

export interface CancelRequest {
  readonly account: string;
  readonly venueOrderId: string;
  readonly brokerOrderId: string | null;
  readonly traceparent: string | null;
}

/**
 * What became of a request.
 * `accepted`: the venue has it (for replace and cancel: will act on it; the order stream tells the end).
 * `rejected`: the venue refused it. `notSent`: provably no byte left. `unknown`: anything else, a
 * timeout first of all. An adapter never retries a submit or replace by itself.
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

/** What a venue can do by itself; the gateway refuses or emulates the rest. */
export interface BrokerCapabilities {
  /** Types that the venue holds itself. Triggers of other types are watched by the gateway. */
  readonly orderTypes: readonly OrderType[];
  readonly timesInForce: readonly TimeInForce[];
  readonly notional: boolean;
  readonly fractional: boolean;
  readonly shortSelling: boolean;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly displayQuantity: boolean;
  readonly extendedHours: boolean;
  readonly replace: boolean;
  /** A second order with the same venue id is refused: only then may an order in doubt be sent again. */
  readonly refusesDuplicates: boolean;
  /** How long after a request's deadline it may still appear at the venue, ms. */
  readonly settleMs: number;
  /** Market value that one unit of equity may carry; "2" is Regulation T overnight. */
  readonly buyingPowerMultiplier: Decimal;
  /** For estimates only: fee = max(minimum, quantity x perUnit + notional x rate), in the instrument's currency. */
  readonly fees: { readonly perUnit: Decimal; readonly rate: Decimal; readonly minimum: Decimal };
}

/** READY only after authentication and the order stream's acknowledgement. */
export type BrokerStatus =
  | { readonly state: 'READY' }
  | { readonly state: 'CONNECTING'; readonly reason: string }
  | {
      readonly state: 'FAILED';
      readonly code: 'AUTH_FAILED' | 'CONNECTION_LIMIT' | 'OTHER';
      readonly reason: string;
    };

/** Where a broker delivers what the venue says. None of these throws or blocks. */
export interface BrokerSink {
  event(event: BrokerEvent): void;
  /** A READY after a loss means that messages may have been missed: the gateway then asks for orders and fills. */
  status(status: BrokerStatus): void;
  quote(quote: VenueQuote): void;
  trade(trade: VenueTrade): void;
  clock(clock: VenueClock): void;
}

export interface AttachRequest {
  readonly account: string;
  readonly baseCurrency: string;
  /**
   * What a simulated venue credits a new account with; other venues ignore it. The gateway has booked it:
   * a venue that tells it as a transfer all the same gives it the reference `starting-cash`.
   */
  readonly startingCash: Decimal | null;
}

export interface BarsRequest {
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Start of the first bar, inclusive; null is the beginning. */
  readonly from: number | null;
  /** Exclusive; null is now. */
  readonly to: number | null;
  readonly limit: number;
}

/** Market data of a venue that has it. Subscribing again to a symbol does nothing. */
export interface BrokerMarketData {
  instruments(signal: AbortSignal): Promise<readonly VenueInstrument[]>;
  subscribe(symbols: readonly string[]): void;
  /** Oldest first; the last may be open. */
  bars(request: BarsRequest, signal: AbortSignal): Promise<readonly VenueBar[]>;
  clock(signal: AbortSignal): Promise<VenueClock>;
  /** Replayed markets only; others leave it out. */
  setSpeed?(speed: number, signal: AbortSignal): Promise<VenueClock>;
}

/**
 * A connection to a venue. It holds no truth of its own: after a loss the gateway asks again. Every
 * call honours its signal; `submit`, `replace` and `cancel` answer `unknown` rather than throw.
 *
 * Look at `signal.aborted` right before the bytes go out, after whatever had to be waited for, and answer
 * `notSent` when it is true. It compares the clock with the deadline, so that it is also true in a process
 * that was stopped for a while and whose timers have not run yet: another may own the account by then.
 */
export interface Broker {
  readonly capabilities: BrokerCapabilities;
  readonly marketData?: BrokerMarketData;
  /** Makes an account known and joins its order stream; safe to repeat. */
  attach(request: AttachRequest, signal: AbortSignal): Promise<void>;
  /** Leaves the order stream of an account that moved to another process. */
  detach(account: string): void;
  submit(order: ApprovedOrder, signal: AbortSignal): Promise<BrokerOutcome>;
  replace(request: ReplaceRequest, signal: AbortSignal): Promise<BrokerOutcome>;
  cancel(request: CancelRequest, signal: AbortSignal): Promise<BrokerOutcome>;
  /** The order with this venue id, done ones included; null when the venue does not know it. */
  lookup(account: string, venueOrderId: string, signal: AbortSignal): Promise<VenueOrder | null>;
  /** All live orders, those of others included. */
  openOrders(account: string, signal: AbortSignal): Promise<readonly VenueOrder[]>;
  /** Fills and busts after the cursor in the venue's order, from the beginning if null. */
  fillsSince(
    account: string,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<{
    readonly events: readonly (VenueFill | Extract<BrokerEvent, { kind: 'busted' | 'feeCharged' }>)[];
    readonly cursor: string | null;
  }>;
  positions(account: string, signal: AbortSignal): Promise<readonly VenuePosition[]>;
  balances(account: string, signal: AbortSignal): Promise<readonly VenueBalance[]>;
  close(): Promise<void>;
}

export interface BrokerDefinition<S extends TSchema = TSchema, P extends Permission = Permission> {
  readonly kind: 'broker';
  /** What `openAccount(broker: ...)` names. */
  readonly id: string;
  readonly description: string;
  /** JSON Schema of what one connection needs. */
  readonly config: S;
  /** JSON Schema of the credentials, if any; they reach the plugin by `ctx.secret`. */
  readonly secrets?: TSchema;
  readonly permissions?: readonly P[];
  /**
   * One connection for each set of credentials: all its accounts then live in one gateway process.
   * Known before connecting, for it decides where an account lives.
   */
  readonly exclusive?: boolean;
  connect(config: Static<S>, ctx: Context<P>, sink: BrokerSink): Promise<Broker>;
}

/**
 * Declares a broker extension.
 * @example
 * export const acme = defineBroker({
 *   id: 'acme', description: 'Acme Securities', permissions: ['network'],
 *   config: T.Object({ baseUrl: T.String({ format: 'uri' }) }),
 *   connect: (config, ctx, sink) => connectAcme(config, ctx, sink),
 * });
 */
export function defineBroker<S extends TSchema, const P extends Permission = never>(
  definition: Omit<BrokerDefinition<S, P>, 'kind'>,
): BrokerDefinition<S, P> {
  return Object.freeze({ kind: 'broker' as const, ...definition });
}
