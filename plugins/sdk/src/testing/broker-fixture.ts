import type { BrokerRejection, VenueBalance, VenueOrder, VenuePosition } from '../broker-events.ts';
import type { Decimal } from '../order-terms.ts';
import type { VenueQuote } from '../venue-market.ts';

/**
 * What the author of a broker gives the kit: a fake of the venue's API, and what can be traded on it. The package
 * that `omniquant plugin create --kind broker` writes has one with its fake.
 *
 * @example
 * ```ts
 * declare const startFakeAcme: () => Promise<FixtureVenue>; // A server on loopback that speaks the venue's protocol.
 *
 * export const fixture: BrokerFixture = {
 *   account: 'account-1',
 *   currency: 'USD',
 *   symbol: 'ACME',
 *   restingPrice: '90.5',
 *   quantity: '12',
 *   finest: { price: '123456789.123456789', quantity: '0.123456789' },
 *   silenceMs: 2_000,
 *   openVenue: startFakeAcme,
 * };
 * ```
 */
export interface BrokerFixture {
  /** As given to `attach`. */
  readonly account: string;
  /** Of the account. */
  readonly currency: string;
  /** A symbol that the fake trades, in `currency`. */
  readonly symbol: string;
  /** A price in `currency` at which a BUY rests until {@link FixtureVenue.fill}. */
  readonly restingPrice: Decimal;
  /** One that the fake's own market, if it has one, does not come to within a day; `restingPrice` when left out. */
  readonly farPrice?: Decimal;
  /** Units; at least ten times the least that can be traded. */
  readonly quantity: Decimal;
  /**
   * The finest amounts that the venue knows, with as many digits as it can: B32 trades so many units at this
   * price, and no digit may get lost. 0.123456789 units at 123456789.123456789 where the venue has no limits.
   */
  readonly finest: { readonly price: Decimal; readonly quantity: Decimal };
  /** After so much silence of the stream at the latest the plugin has to leave READY, ms; 10,000 when left out. */
  readonly silenceMs?: number;
  /** Executions that make at least three pages of the venue's list of them; 12 when left out. */
  readonly fillsOfThreePages?: number;
  /** Steps of the random run, B44; 60 when left out. */
  readonly randomSteps?: number;
  /** How long the kit waits for anything before it says that it does not happen, ms; 5,000 when left out. */
  readonly patienceMs?: number;
  /** Starts a fake with nothing but the account, for one case; several may run at a time. */
  openVenue(): Promise<FixtureVenue>;
}

/**
 * An order request that came to the fake, those that it refused included.
 *
 * @see {@link BrokerFixture}
 */
export interface FixtureRequest {
  readonly kind: 'submit' | 'replace' | 'cancel';
  /** Client id in the request; of the new revision for a replace. Null where it has none. */
  readonly venueOrderId: string | null;
}

/**
 * An execution in the fake's own books. Price in the fixture's currency, quantity in units above zero.
 *
 * @see {@link BrokerFixture}
 */
export interface FixtureExecution {
  /** As the venue reports it. */
  readonly executionId: string;
  /** Client id of its order; null for an order that no gateway placed. */
  readonly venueOrderId: string | null;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** Epoch ms. */
  readonly at: number;
  /** Whether {@link FixtureVenue.bust} has taken it back. */
  readonly isBusted: boolean;
}

/**
 * Settings and credentials of a connection, as an operator would give them.
 *
 * @see {@link BrokerFixture}
 */
export interface FixtureConnection {
  /** By the broker's own schema. */
  readonly config: unknown;
  /** By the names that the plugin asks `ctx.secret` for. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * A value, or a promise of it: a fake in the test's process answers at once, one in another takes its time.
 *
 * @see {@link BrokerFixture}
 */
export type Awaitable<T> = T | Promise<T>;

/**
 * Addresses by a name of the fixture's own, such as `{ api: 'http://127.0.0.1:40001' }`.
 *
 * @see {@link BrokerFixture}
 */
export type Endpoints = Readonly<Record<string, string>>;

/**
 * A fake venue that is running. The kit puts a proxy in front of each endpoint and brings all faults of the
 * network itself; the fake does what only a venue can do. What it is told to do is done when the call is
 * over; the messages about it may still be under way.
 *
 * @see {@link BrokerFixture}
 */
export interface FixtureVenue {
  /** Where it listens, as URLs with a port on loopback: http, https without TLS of its own, ws or tcp. */
  readonly endpoints: Endpoints;
  /** What the plugin is connected with; the endpoints are those of the kit's proxies. */
  connection(endpoints: Endpoints): FixtureConnection;
  /** The same with credentials that the venue refuses; null for a venue that asks for none. */
  wrongConnection(endpoints: Endpoints): FixtureConnection | null;
  /** Stops it; nothing may be left listening or running. */
  close(): Awaitable<void>;

  /** All orders of the account there ever were. */
  orders(): Awaitable<readonly VenueOrder[]>;
  /** In the order of the venue's own list. */
  executions(): Awaitable<readonly FixtureExecution[]>;
  /** By symbol, signed units; what is flat may be left out. */
  positions(): Awaitable<readonly VenuePosition[]>;
  /** Cash of the account by currency. */
  balances(): Awaitable<readonly VenueBalance[]>;
  /** In the order in which they came. */
  requests(): Awaitable<readonly FixtureRequest[]>;

  /** Executes so much of an order at its limit price. */
  fill(venueOrderId: string, quantity: Decimal): Awaitable<void>;
  /** Takes an execution back. */
  bust(executionId: string): Awaitable<void>;
  /** Ends a DAY order as the end of the day would. */
  expire(venueOrderId: string): Awaitable<void>;
  /** Refuses the next submit; `raw` is in the venue's own words what the plugin's message has to keep. */
  refuseNext(): Awaitable<{ readonly code: BrokerRejection; readonly raw: string }>;
  /**
   * Takes no submits or replaces until {@link FixtureVenue.lift}: there are too many. Cancels pass. The time after which the
   * venue tells to try again, ms; null where it tells none.
   */
  limitRate(): Awaitable<number | null>;
  /** Ends what {@link FixtureVenue.limitRate} began. */
  lift(): Awaitable<void>;
  /** An order of the account that no gateway placed; its broker order id. */
  placeForeign(): Awaitable<string>;
  /**
   * Says on the stream what the plugin cannot know: a message of a new kind, an order in a status that is new, and
   * fields that are new. False for a venue whose protocol leaves no room for such.
   */
  sayUnknown(): Awaitable<boolean>;
  /** From now on the list of executions answers the same page with more to come, for ever; false without pages. */
  repeatPages(): Awaitable<boolean>;
  /** For brokers that are `exclusive`: refuses connections since there is one already. */
  limitConnections?(): Awaitable<void>;
  /** For brokers with market data. */
  readonly market?: FixtureMarket;
}

/**
 * What the kit needs of a fake that has market data, for B35 to B37.
 *
 * @see {@link BrokerFixture}
 */
export interface FixtureMarket {
  /** A symbol beside the fixture's, with data too. */
  readonly otherSymbol: string;
  /** One that the venue refuses to tell of: unknown, or one that the account may not see. */
  readonly refusedSymbol: string;
  /** Tells its subscribers a quote of a symbol; which one. */
  quote(symbol: string): Awaitable<Pick<VenueQuote, 'symbol' | 'bid' | 'ask'>>;
}
