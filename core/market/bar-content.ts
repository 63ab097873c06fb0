import { type Fixed, max, min } from '@omniquant/plugin-sdk/decimal';

/** What a bar holds, without when and of what. */
export interface BarContent {
  readonly open: Fixed;
  readonly high: Fixed;
  readonly low: Fixed;
  readonly close: Fixed;
  readonly volume: Fixed | null;
}

/** Two contents that follow each other in time, as one. A volume that is unknown in part is unknown. */
export const joinContents = (earlier: BarContent, later: BarContent): BarContent => ({
  open: earlier.open,
  high: max(earlier.high, later.high),
  low: min(earlier.low, later.low),
  close: later.close,
  volume: earlier.volume === null || later.volume === null ? null : earlier.volume + later.volume,
});

export const isSameContent = (a: BarContent, b: BarContent): boolean =>
  a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close && a.volume === b.volume;
