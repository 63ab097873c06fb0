import type { Static, TSchema } from '@sinclair/typebox';

import type { BrokerEvent, VenueBalance, VenueFill, VenueOrder, VenuePosition } from './broker-events.ts';
import type {
  ApprovedOrder,
  AttachRequest,
  BarsRequest,
  BrokerOutcome,
  CancelRequest,
  ReplaceRequest,
} from './broker-requests.ts';
import type { Context, Permission } from './context.ts';
import type { Decimal, OrderType, TimeInForce } from './order-terms.ts';
import type { VenueBar, VenueClock, VenueInstrument, VenueQuote, VenueTrade } from './venue-market.ts';

/**
 * What a venue can do by itself; the gateway refuses or emulates the rest.
 * @example
 * ```ts
 * const capabilities: BrokerCapabilities = {
 *   ...{ orderTypes: ['MARKET', 'LIMIT', 'STOP'], timesInForce: ['DAY', 'GTC', 'IOC'] },
 *   ...{ notional: false, fractional: false, shortSelling: true, postOnly: false, reduceOnly: false },
 *   ...{ displayQuantity: false, extendedHours: true, replace: true, refusesDuplicates: true },
 *   ...{ settleMs: 2_000, buyingPowerMultiplier: '2' },
 *   fees: { perUnit: '0.005', rate: '0', minimum: '1' },
 * };
 * ```
 */
export interface BrokerCapabilities {
  /** Types that the venue holds itself. Triggers of other types are watched by the gateway. */
  readonly orderTypes: readonly OrderType[];
  readonly timesInForce: readonly TimeInForce[];
  /** Orders for an amount of money instead of a quantity. */
  readonly notional: boolean;
  /** Quantities that are no whole number of units. */
  readonly fractional: boolean;
  readonly shortSelling: boolean;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** Orders of which the book shows a part at a time. */
  readonly displayQuantity: boolean;
  readonly extendedHours: boolean;
  /** New terms for a working order, without it leaving the market in between. */
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

/**
 * How the connection is. READY only after authentication and the order stream's acknowledgement. CONNECTING is told
 * of a loss, too. FAILED: it stays so until an operator has done something. AUTH_FAILED: the credentials were refused.
 * CONNECTION_LIMIT: another connection has the place, and is not to be driven out.
 * @see {@link BrokerSink}
 */
export type BrokerStatus =
  | { readonly state: 'READY' }
  | { readonly state: 'CONNECTING'; readonly reason: string }
  | {
      readonly state: 'FAILED';
      readonly code: 'AUTH_FAILED' | 'CONNECTION_LIMIT' | 'OTHER';
      readonly reason: string;
    };

/**
 * Where a broker delivers what the venue says. None of these throws or blocks.
 * @example
 * ```ts
 * function onMessage(message: { type: string; symbol: string; price: string; at: number }, sink: BrokerSink) {
 *   if (message.type === 'hello') sink.status({ state: 'READY' });
 *   if (message.type === 'bye') sink.status({ state: 'CONNECTING', reason: 'the venue restarts' });
 *   const { at, price, symbol } = message;
 *   if (message.type === 'trade') sink.trade({ symbol, at, price, size: '100' });
 * }
 * ```
 */
export interface BrokerSink {
  /** What happened to an order, or to the money of an account. */
  event(event: BrokerEvent): void;
  /** A READY after a loss means that messages may have been missed: the gateway then asks for orders and fills. */
  status(status: BrokerStatus): void;
  /** The top of the book has changed, of a symbol that was subscribed to. */
  quote(quote: VenueQuote): void;
  /** Somebody has traded a symbol that was subscribed to. */
  trade(trade: VenueTrade): void;
  /** Market time, as of a replay: now and then, and when its speed has changed. */
  clock(clock: VenueClock): void;
  /**
   * For venues whose market stands still until the effects of what it told are in, with a clock of speed 0: resolves when
   * all that follows from what this sink was told is committed, sent and answered, and strategies rest. `isStepOver`: all
   * trades up to the clock's time have been told, so that bars that end by it are over. Left out where nobody knows.
   */
  settled?(isStepOver: boolean): Promise<void>;
}

/**
 * Market data of a venue that has it. Prices are decimals as the venue writes them, times epoch milliseconds of market
 * time. Each call ends with its signal, and rejects when the venue cannot be reached: nothing is never made up.
 * @example
 * ```ts
 * declare function get<T>(path: string, signal: AbortSignal): Promise<T>;
 * declare const stream: { send(message: object): void };
 *
 * const marketData: BrokerMarketData = {
 *   instruments: (signal) => get<VenueInstrument[]>('/instruments', signal),
 *   subscribe: (symbols) => stream.send({ subscribe: symbols }),
 *   bars: ({ interval, symbol }, signal) => get<VenueBar[]>(`/bars/${symbol}/${interval}`, signal),
 *   clock: (signal) => get<VenueClock>('/clock', signal),
 * };
 * ```
 */
export interface BrokerMarketData {
  /** All that can be traded. */
  instruments(signal: AbortSignal): Promise<readonly VenueInstrument[]>;
  /** Quotes and trades of these come to the sink from now on. Subscribing again to a symbol does nothing. */
  subscribe(symbols: readonly string[]): void;
  /** Oldest first; the last may be open. */
  bars(request: BarsRequest, signal: AbortSignal): Promise<readonly VenueBar[]>;
  /** Market time as it is now. */
  clock(signal: AbortSignal): Promise<VenueClock>;
  /** Replayed markets only, others leave it out: market seconds a second, above 0. */
  setSpeed?(speed: number, signal: AbortSignal): Promise<VenueClock>;
}

/**
 * A connection to a venue. It holds no truth of its own: after a loss the gateway asks again. Every
 * call honours its signal; `submit`, `replace` and `cancel` answer `unknown` rather than throw.
 *
 * Look at `signal.aborted` right before the bytes go out, after whatever had to be waited for, and answer
 * `notSent` when it is true. It compares the clock with the deadline, so that it is also true in a process
 * that was stopped for a while and whose timers have not run yet: another may own the account by then.
 * @example
 * ```ts
 * declare function post(body: object, signal: AbortSignal): Promise<{ status: number; id: string; at: number }>;
 *
 * const submit: Broker['submit'] = async (order, signal) => {
 *   if (signal.aborted) return { kind: 'notSent', reason: 'its deadline has passed' };
 *   try {
 *     const { at, id, status } = await post({ clientOrderId: order.venueOrderId, qty: order.quantity }, signal);
 *     if (status === 201) return { kind: 'accepted', brokerOrderId: id, at };
 *     if (status === 403) return { kind: 'rejected', code: 'INSUFFICIENT_FUNDS', message: 'no funds', at };
 *     return { kind: 'unknown', reason: `the venue answered ${status}` };
 *   } catch (cause) {
 *     return { kind: 'unknown', reason: String(cause) };
 *   }
 * };
 * ```
 */
export interface Broker {
  readonly capabilities: BrokerCapabilities;
  readonly marketData?: BrokerMarketData;
  /** Makes an account known and joins its order stream; safe to repeat. */
  attach(request: AttachRequest, signal: AbortSignal): Promise<void>;
  /** Leaves the order stream of an account that moved to another process. */
  detach(account: string): void;
  /** Sends a new order, once. While the connection is not READY it is `notSent`. */
  submit(order: ApprovedOrder, signal: AbortSignal): Promise<BrokerOutcome>;
  /** Asks for the new terms, once; `replaced` or `replaceRejected` on the order stream is the end of it. */
  replace(request: ReplaceRequest, signal: AbortSignal): Promise<BrokerOutcome>;
  /** Asks for an order's end, also while the connection is not READY; `canceled` on the order stream is it. */
  cancel(request: CancelRequest, signal: AbortSignal): Promise<BrokerOutcome>;
  /** The order with this venue id, done ones included; null when the venue does not know it. */
  lookup(account: string, venueOrderId: string, signal: AbortSignal): Promise<VenueOrder | null>;
  /** All live orders of the account, those included that were not placed by a gateway. */
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
  /** All that the account holds now, whoever has traded it. */
  positions(account: string, signal: AbortSignal): Promise<readonly VenuePosition[]>;
  /** Its cash in each currency now. */
  balances(account: string, signal: AbortSignal): Promise<readonly VenueBalance[]>;
  /** Leaves no socket and no timer; nothing is asked of it afterwards. */
  close(): Promise<void>;
}

/**
 * A broker extension: how the gateway connects to a venue, and what it has to know before. What `connect` throws is
 * shown to operators, and tried again.
 * @see {@link defineBroker}
 */
export interface BrokerDefinition<S extends TSchema = TSchema, P extends Permission = Permission> {
  readonly kind: 'broker';
  /** What `openAccount(broker: ...)` names. */
  readonly id: string;
  readonly description: string;
  /** JSON Schema of what one connection needs. */
  readonly config: S;
  /** JSON Schema of the credentials, if any; they reach the plugin by `ctx.secret`. */
  readonly secrets?: TSchema;
  /** What it uses of its context besides the log and the time; the operator has to grant it. */
  readonly permissions?: readonly P[];
  /**
   * One connection for each set of credentials: all its accounts then live in one gateway process.
   * Known before connecting, for it decides where an account lives.
   */
  readonly exclusive?: boolean;
  /**
   * Opens one connection, and tells the sink how it is from then on; `ctx.signal` is aborted at its end. It need not be
   * READY when it resolves.
   */
  connect(config: Static<S>, ctx: Context<P>, sink: BrokerSink): Promise<Broker>;
}

/**
 * Declares a broker extension.
 * @returns The definition, frozen, for the `extensions` of a plugin.
 * @example
 * ```ts
 * declare function connectAcme(baseUrl: string, fetch: typeof globalThis.fetch, sink: BrokerSink): Promise<Broker>;
 *
 * export const acme = defineBroker({
 *   id: 'acme', description: 'Acme Securities', permissions: ['network'],
 *   config: T.Object({ baseUrl: T.String({ format: 'uri' }) }),
 *   connect: ({ baseUrl }, ctx, sink) => connectAcme(baseUrl, ctx.fetch, sink),
 * });
 * ```
 */
export function defineBroker<S extends TSchema, const P extends Permission = never>(
  definition: Omit<BrokerDefinition<S, P>, 'kind'>,
): BrokerDefinition<S, P> {
  return Object.freeze({ kind: 'broker' as const, ...definition });
}
