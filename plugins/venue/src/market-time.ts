import type { TradingDays } from './trading-days.ts';

/** How long the market's clock shows a closed market before an open and after a close. */
export const CLOSED_MARGIN_MS = 10_000;

/**
 * Market time after `elapsed` more milliseconds of it. Nights, weekends and holidays take no time:
 * shortly after a close the clock jumps to shortly before the next open.
 */
export const advanceMarketTime = (days: TradingDays, at: number, elapsed: number): number => {
  let now = at;
  let left = elapsed;
  for (;;) {
    const session = days.sessionFrom(now - CLOSED_MARGIN_MS);
    now = Math.max(now, session.open - CLOSED_MARGIN_MS);
    const end = session.close + CLOSED_MARGIN_MS;
    if (now + left < end) return now + left;
    left -= end - now;
    now = end;
  }
};
