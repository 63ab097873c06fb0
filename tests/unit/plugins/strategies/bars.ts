import type { Bar } from '@omniquant/plugin-sdk';

export const MINUTE = 60_000;

/** A bar of a minute whose prices are all its close. */
export const barOf = (symbol: string, at: number, close: number, more: Partial<Bar> = {}): Bar => ({
  ...{ symbol, interval: 'MINUTE_1', at, open: close, high: close, low: close, close, volume: 1_000 },
  ...more,
});
