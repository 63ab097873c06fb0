import type { Feed } from '@omniquant/plugin-sdk';

/** A feed as it was opened. */
export interface FeedConnection {
  readonly feed: Feed;
  /** Aborted when its plugin was stopped or started anew: another connection has to be opened then. */
  readonly signal: AbortSignal;
  close(): Promise<void>;
}

/** Opens connections of feed extensions; the plugin host stands behind it. */
export interface FeedConnector {
  /** Rejects when the extension is not there, its settings are wrong, or it cannot start; trying again is allowed. */
  connect(feedId: string, signal: AbortSignal): Promise<FeedConnection>;
}

/** Where there are no feeds. */
export const NO_FEEDS: FeedConnector = {
  connect: (feedId) => Promise.reject(new Error(`there is no feed ${feedId}`)),
};
