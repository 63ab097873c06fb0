import type { Static, TSchema } from '@sinclair/typebox';

import type { BarInterval, VenueBar, VenueInstrument, VenueQuote, VenueTrade } from './broker-events.ts';
import type { Context, Permission } from './context.ts';

/** What a feed delivers as it comes. */
export type FeedEvent =
  | ({ readonly kind: 'bar' } & VenueBar)
  | ({ readonly kind: 'quote' } & VenueQuote)
  | ({ readonly kind: 'trade' } & VenueTrade);

export interface FeedStreamRequest {
  readonly symbols: readonly string[];
  /** Null: no bars, only what the feed has of quotes and trades. */
  readonly interval: BarInterval | null;
}

export interface FeedHistoryRequest {
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Start of the first bar, inclusive, epoch ms; null is the beginning. */
  readonly from: number | null;
  /** Exclusive; null is the end. */
  readonly to: number | null;
}

/** A source of market data that is no broker. Both iterables end when the signal is aborted. */
export interface Feed {
  instruments(signal: AbortSignal): Promise<readonly VenueInstrument[]>;
  /** In the order of market time. */
  stream(request: FeedStreamRequest, signal: AbortSignal): AsyncIterable<FeedEvent>;
  /** Closed bars, oldest first. */
  history(request: FeedHistoryRequest, signal: AbortSignal): AsyncIterable<VenueBar>;
  close(): Promise<void>;
}

export interface FeedDefinition<S extends TSchema = TSchema, P extends Permission = Permission> {
  readonly kind: 'feed';
  readonly id: string;
  readonly description: string;
  readonly config: S;
  readonly secrets?: TSchema;
  readonly permissions?: readonly P[];
  connect(config: Static<S>, ctx: Context<P>): Promise<Feed>;
}

/**
 * Declares a feed extension.
 * @example
 * export const files = defineFeed({
 *   id: 'files', description: 'Bars from files',
 *   config: T.Object({ folder: T.String() }),
 *   connect: (config, ctx) => openFiles(config.folder, ctx),
 * });
 */
export function defineFeed<S extends TSchema, const P extends Permission = never>(
  definition: Omit<FeedDefinition<S, P>, 'kind'>,
): FeedDefinition<S, P> {
  return Object.freeze({ kind: 'feed' as const, ...definition });
}
