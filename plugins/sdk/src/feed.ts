import type { Static, TSchema } from '@sinclair/typebox';

import type { Context, Permission } from './context.ts';
import type {
  BarInterval,
  VenueBar,
  VenueClock,
  VenueInstrument,
  VenueQuote,
  VenueTrade,
} from './venue-market.ts';

/**
 * What a feed delivers as it comes. A bar is told when it is over, or again and again as it grows. `clock` says
 * how late it is where nothing else happens: the heartbeat of a feed, and the market time of a replay. `gap`
 * says that the feed knows of something that it missed. Times (`at`) are market time in epoch milliseconds, prices and
 * sizes decimals.
 * @example
 * ```ts
 * async function* ticks(lines: AsyncIterable<{ sym: string; bid: string; ask: string; ts: number }>): AsyncIterable<FeedEvent> {
 *   for await (const { ask, bid, sym, ts } of lines) {
 *     yield { kind: 'quote', symbol: sym, at: ts, bid, ask, bidSize: null, askSize: null, last: null };
 *   }
 * }
 * ```
 */
export type FeedEvent =
  | ({ readonly kind: 'bar' } & VenueBar)
  | ({ readonly kind: 'quote' } & VenueQuote)
  | ({ readonly kind: 'trade' } & VenueTrade)
  | ({ readonly kind: 'clock' } & VenueClock)
  | {
      readonly kind: 'gap';
      readonly symbols: readonly string[];
      readonly at: number;
      readonly reason: string;
    };

/**
 * An instrument with the bars that the feed has ready made of it, live and of the past.
 * @example
 * ```ts
 * const apple: FeedInstrument = {
 *   ...{ symbol: 'AAPL', name: 'Apple', assetClass: 'EQUITY', currency: 'USD', calendar: 'US_EQUITY' },
 *   ...{ tickSize: '0.01', lotSize: '1', multiplier: '1', minQuantity: null, maxQuantity: null },
 *   ...{ shortable: true, fractionable: false, exchange: 'XNAS', barIntervals: ['MINUTE_1', 'DAY_1'] },
 * };
 * ```
 */
export interface FeedInstrument extends VenueInstrument {
  /**
   * Coarser ones are put together of these, live bars of other intervals made of trades or quotes.
   * Empty: the feed has no bars of it.
   */
  readonly barIntervals: readonly BarInterval[];
}

/**
 * What a stream is to tell: all events of these symbols, from now on or from where an earlier stream ended.
 * @see {@link Feed}
 */
export interface FeedStreamRequest {
  readonly symbols: readonly string[];
  /** Market time of the last event of an earlier stream, epoch ms: a `resumable` feed goes on after it. Null: from now. */
  readonly after: number | null;
}

/**
 * Which closed bars of the past are wanted: all that start from `from` on and before `to`, epoch milliseconds.
 * @see {@link Feed}
 */
export interface FeedHistoryRequest {
  readonly symbol: string;
  /** One of the instrument's `barIntervals`. */
  readonly interval: BarInterval;
  /** Start of the first bar, inclusive, epoch ms; null is the beginning. */
  readonly from: number | null;
  /** Starts at or after it are left out; null is the end, for a replay its present. */
  readonly to: number | null;
}

/**
 * A source of market data that is no broker.
 *
 * Events of a stream come in the order of market time, of which a closed bar's is its end. A stream ends when its
 * signal is aborted. The gateway opens it again, later and later, when it ends by itself or throws; only of a feed
 * with a `clock` is the end the end of the data. Events are taken one by one, and none is asked for while the
 * gateway is busy with the one before: a replay waits, while a live source has to keep what comes meanwhile.
 * @example
 * ```ts
 * const INSTRUMENTS: readonly FeedInstrument[] = [];
 * declare function follow(symbols: readonly string[], signal: AbortSignal): AsyncIterable<VenueTrade>;
 * declare function daily(symbol: string, from: number | null, to: number | null): AsyncIterable<VenueBar>;
 *
 * function check(...symbols: readonly string[]): void {
 *   const stranger = symbols.find((one) => INSTRUMENTS.every(({ symbol }) => symbol !== one));
 *   if (stranger !== undefined) throw new FeedError('UNKNOWN_SYMBOL', `there is no ${stranger}`);
 * }
 *
 * const feed: Feed = {
 *   silenceMs: 30_000,
 *   instruments: () => Promise.resolve(INSTRUMENTS),
 *   async *stream({ symbols }, signal) {
 *     check(...symbols);
 *     for await (const trade of follow(symbols, signal)) yield { kind: 'trade', ...trade };
 *   },
 *   async *history({ from, interval, symbol, to }) {
 *     check(symbol);
 *     if (interval !== 'DAY_1') throw new FeedError('UNKNOWN_INTERVAL', `${symbol} has daily bars only`);
 *     yield* daily(symbol, from, to);
 *   },
 *   close: () => Promise.resolve(),
 * };
 * ```
 */
export interface Feed {
  /** A stream can begin after an event of an earlier one, so that nothing is lost in between. */
  readonly resumable?: boolean;
  /** A stream without any event for so long, ms, is given up and opened anew: for feeds with a heartbeat. */
  readonly silenceMs?: number;
  /** All that it has data of. */
  instruments(signal: AbortSignal): Promise<readonly FeedInstrument[]>;
  /** @throws {@link FeedError} UNKNOWN_SYMBOL for a symbol that is not among the instruments. */
  stream(request: FeedStreamRequest, signal: AbortSignal): AsyncIterable<FeedEvent>;
  /**
   * Closed bars, oldest first.
   * @throws {@link FeedError} UNKNOWN_SYMBOL or UNKNOWN_INTERVAL.
   */
  history(request: FeedHistoryRequest, signal: AbortSignal): AsyncIterable<VenueBar>;
  /** Market time where it is the feed's own, as of a replay. Left out, it is the time of day. */
  clock?(signal: AbortSignal): Promise<VenueClock>;
  /** Replays: market seconds a second, above 0. */
  setSpeed?(speed: number, signal: AbortSignal): Promise<VenueClock>;
  /** Ends what still runs; nothing is asked of it afterwards. */
  close(): Promise<void>;
}

/**
 * What is wrong, for the gateway to go by.
 * @see {@link FeedError}
 */
export type FeedErrorCode =
  /** There is no such instrument. */
  | 'UNKNOWN_SYMBOL'
  /** The feed has no such bars of the symbol. */
  | 'UNKNOWN_INTERVAL'
  /** The schema allows it, but it cannot be: the message names the setting. */
  | 'CONFIG_INVALID'
  /** What was read is no market data: the message says where. */
  | 'DATA_INVALID'
  /** The source cannot be reached, or does not answer: it may be asked again later. */
  | 'UNAVAILABLE';

const FEED_ERROR = Symbol.for('omniquant.feed-error');

/**
 * Why a feed cannot do what it was asked. Its message is shown to operators: no credential may stand in it.
 * @example
 * ```ts
 * const cause = new SyntaxError('Unexpected end of JSON input');
 * throw new FeedError('DATA_INVALID', 'prices.json, line 12: this is no JSON', { cause });
 * ```
 */
export class FeedError extends Error {
  readonly [FEED_ERROR] = true;
  readonly code: FeedErrorCode;

  constructor(code: FeedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FeedError';
    this.code = code;
  }
}

/**
 * Whether an error is a {@link FeedError}. By brand, not by class: a plugin may carry its own copy of this package.
 * @example
 * ```ts
 * const isHopeless = (error: unknown) => isFeedError(error) && error.code === 'CONFIG_INVALID';
 * ```
 */
export const isFeedError = (error: unknown): error is FeedError =>
  typeof error === 'object' && error !== null && FEED_ERROR in error;

/**
 * A feed extension: how a gateway opens a source of market data, and what operators set for it.
 * @see {@link defineFeed}
 */
export interface FeedDefinition<S extends TSchema = TSchema, P extends Permission = Permission> {
  readonly kind: 'feed';
  /** What the setting MARKET_DATA_FEEDS names. */
  readonly id: string;
  readonly description: string;
  /** JSON Schema of what the operator sets for it. */
  readonly config: S;
  /** JSON Schema of the credentials, if any; they reach the plugin by `ctx.secret`. */
  readonly secrets?: TSchema;
  /** What it uses of its context besides the log and the time; the operator has to grant it. */
  readonly permissions?: readonly P[];
  /**
   * Opens a connection; each gateway process has its own. `ctx.signal` is aborted at its end.
   * @throws {@link FeedError} CONFIG_INVALID or DATA_INVALID rather than open one that cannot work.
   */
  connect(config: Static<S>, ctx: Context<P>): Promise<Feed>;
}

/**
 * Declares a feed extension.
 * @returns The definition, frozen, for the `extensions` of a plugin.
 * @example
 * ```ts
 * declare function openAcme(url: string, ctx: Context<'network'>): Promise<Feed>;
 *
 * export const acmeTicks = defineFeed({
 *   id: 'acme-ticks', description: 'Quotes and trades of Acme Data', permissions: ['network'],
 *   config: T.Object({ url: T.String({ format: 'uri' }) }),
 *   connect: (config, ctx) => openAcme(config.url, ctx),
 * });
 * ```
 */
export function defineFeed<S extends TSchema, const P extends Permission = never>(
  definition: Omit<FeedDefinition<S, P>, 'kind'>,
): FeedDefinition<S, P> {
  return Object.freeze({ kind: 'feed' as const, ...definition });
}
