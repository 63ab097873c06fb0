import type { BarInterval, VenueInstrument } from '@omniquant/plugin-sdk';

/** A series of bars that gateways have kept, as backtests find it. */
export interface StoredBarSeries {
  readonly id: string;
  readonly symbol: string;
  readonly interval: BarInterval;
  readonly instrument: VenueInstrument;
  readonly rows: number;
  /** Starts of its first and last bar, epoch ms. */
  readonly first: number;
  readonly last: number;
  /** The feed or broker that it came from. */
  readonly source: string;
  /** It came over a connection of the workspace's own. */
  readonly isOwn: boolean;
}

/** Which bars of a series are asked for: `limit` of them that start after `after` and before `to`; null without bound. */
export interface StoredBarPage {
  readonly series: string;
  readonly after: number | null;
  readonly to: number | null;
  readonly limit: number;
}
