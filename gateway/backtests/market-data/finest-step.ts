import type { Decimal, VenueBar } from '@omniquant/plugin-sdk';

/** What prices of a series are like, as far as they were read. */
export interface PriceSteps {
  /** Most digits behind the point. */
  decimals: number;
  highest: number;
}

const LEAST_DECIMALS = 2;
const MOST_DECIMALS = 8;
/** Prices are counted in whole ticks that a float holds exactly, with room for more than the highest so far. */
const MOST_TICKS = 2 ** 46;

/** Passes bars on, and notes what their prices are like. */
export async function* watchPrices(
  bars: AsyncIterable<VenueBar>,
  seen: PriceSteps,
): AsyncGenerator<VenueBar> {
  for await (const bar of bars) {
    for (const price of [bar.open, bar.high, bar.low, bar.close]) {
      const point = price.indexOf('.');
      if (point >= 0) seen.decimals = Math.max(seen.decimals, price.length - point - 1);
    }
    seen.highest = Math.max(seen.highest, Number(bar.high));
    yield bar;
  }
}

/** The step that prices are multiples of: cents at the coarsest, so that a few round prices say nothing. */
export function finestStep({ decimals, highest }: PriceSteps): Decimal {
  let places = Math.min(Math.max(decimals, LEAST_DECIMALS), MOST_DECIMALS);
  while (places > 0 && highest * 10 ** places > MOST_TICKS) places -= 1;
  return places === 0 ? '1' : `0.${'1'.padStart(places, '0')}`;
}
