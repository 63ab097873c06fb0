import type { BarColumns } from '../../core/backtest/bar-source.ts';
import { barSampler, MOST_BARS } from './downsample.ts';
import type { PriceHistory } from './tear-sheet-input.ts';

/** Instants between which bars begin; null where there is no bound. */
interface Span {
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * The prices of a chart from bars as a backtest reads them, block by block and however many: what is kept is
 * no more than is drawn. Rejects with what reading throws.
 *
 * @example
 * const prices = await Promise.all(
 *   prepared.bars.map(({ series, read }) => priceHistoryOf(series.symbol, read(signal), span)),
 * );
 */
export const priceHistoryOf = async (
  symbol: string,
  blocks: AsyncIterable<BarColumns>,
  { from, to }: Span,
): Promise<PriceHistory> => {
  const sampler = barSampler(MOST_BARS);
  for await (const { at, open, high, low, close } of blocks) {
    at.forEach((start, bar) => {
      if ((from !== null && start < from) || (to !== null && start > to)) return;
      sampler.add({ at: start, open: open[bar]!, high: high[bar]!, low: low[bar]!, close: close[bar]! });
    });
  }
  return { symbol, bars: sampler.bars() };
};
