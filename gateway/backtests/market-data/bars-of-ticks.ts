import type { BarColumns, BarRow } from '../../../core/backtest/bar-source.ts';
import { columnsOf } from '../../../core/backtest/bar-source.ts';
import type { QuoteColumns, TradeColumns } from '../../../core/backtest/tick-source.ts';
import { SECOND_MS } from '../../../core/market/civil-date.ts';
import type { BarRange } from './market-data-source.ts';

/** A price of the market and what traded at it; a volume of NaN is not known. */
interface Prices {
  readonly at: Float64Array;
  price(index: number): number;
  volume(index: number): number;
}

/** Every trade counts, as in core/market/tick-bars.ts. */
export const ofTrades = ({ at, price, size }: TradeColumns): Prices => ({
  at,
  price: (index) => price[index] ?? NaN,
  volume: (index) => size[index] ?? NaN,
});

/** Halfway between bid and ask; a quote with one side changes nothing. They have no volume. */
export const ofQuotes = ({ ask, at, bid }: Pick<QuoteColumns, 'ask' | 'at' | 'bid'>): Prices => ({
  at,
  price: (index) => ((bid[index] ?? NaN) + (ask[index] ?? NaN)) / 2,
  volume: () => NaN,
});

type Growing = { -readonly [K in keyof BarRow]: number };

const BLOCK = 16_384;

/** Bars of a second that start in a range. A second in which nothing happened has none. */
export async function* secondBars<C>(
  blocks: AsyncIterable<C>,
  pricesOf: (block: C) => Prices,
  { from, to }: BarRange,
): AsyncGenerator<BarColumns> {
  let ready: BarRow[] = [];
  let bar = null as Growing | null;
  for await (const block of blocks) {
    const prices = pricesOf(block);
    for (let index = 0; index < prices.at.length; index += 1) {
      const price = prices.price(index);
      if (Number.isNaN(price)) continue;
      const start = Math.floor((prices.at[index] ?? 0) / SECOND_MS) * SECOND_MS;
      if (start < (from ?? start) || start >= (to ?? Infinity)) continue;
      const volume = prices.volume(index);
      if (bar?.at === start) {
        bar.high = Math.max(bar.high, price);
        bar.low = Math.min(bar.low, price);
        bar.close = price;
        bar.volume += volume;
        continue;
      }
      if (bar !== null) ready.push(finished(bar));
      bar = { at: start, open: price, high: price, low: price, close: price, volume };
    }
    if (ready.length >= BLOCK) {
      yield columnsOf(ready);
      ready = [];
    }
  }
  if (bar !== null) ready.push(finished(bar));
  if (ready.length > 0) yield columnsOf(ready);
}

const finished = (bar: Growing): BarRow => ({ ...bar, volume: Number.isNaN(bar.volume) ? null : bar.volume });
