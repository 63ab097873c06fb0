import type { BarInterval } from '@omniquant/plugin-sdk';
import type { Fixed } from '@omniquant/plugin-sdk/decimal';

/** What traded (or was quoted) in one span of time; see bar-interval.ts for where the spans lie. */
export interface Bar {
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Start of the bar, epoch ms. */
  readonly at: number;
  readonly open: Fixed;
  readonly high: Fixed;
  readonly low: Fixed;
  readonly close: Fixed;
  /** In units of the instrument; null when it is not known, as for bars made of quotes. */
  readonly volume: Fixed | null;
  /** An open bar is sent again as it grows. */
  readonly isClosed: boolean;
  /** Counts the corrections of a closed bar; the higher one replaces the lower. */
  readonly revision: number;
}
