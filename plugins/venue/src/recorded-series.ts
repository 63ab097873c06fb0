import type { Decimal } from '@omniquant/plugin-sdk';
import { type Fixed, max, min, mulDiv, ONE, parseDecimal, roundToStep } from '@omniquant/plugin-sdk/decimal';

import type { GridBar } from './bar-path.ts';
import type { InstrumentGrid } from './instrument-grid.ts';

/** One recorded trading day, as it was recorded: prices may lie off the tick. */
export interface RecordedBar {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  /** Units; null is unknown. */
  readonly volume: Decimal | null;
}

interface ExactBar {
  readonly open: Fixed;
  readonly high: Fixed;
  readonly low: Fixed;
  readonly close: Fixed;
  readonly volume: number | null;
}

/** A recording that cannot be replayed. */
export class RecordedSeriesError extends Error {
  readonly code = 'INVALID_SERIES';

  constructor(symbol: string, problem: string) {
    super(`recorded series of ${symbol}: ${problem}`);
    this.name = 'RecordedSeriesError';
  }
}

/**
 * A symbol's recorded days, numbered from 0 and going on without end: after the last one the recording
 * starts again, rescaled so that it opens where it had closed, as often as needed.
 */
export class RecordedSeries {
  readonly grid: InstrumentGrid;
  readonly firstDay: number;
  readonly lastDay: number;
  private readonly bars: readonly ExactBar[];
  private readonly indexByDay = new Map<number, number>();
  /** Last close of each round, ticks, as it was replayed. */
  private readonly closes: number[] = [];

  constructor(grid: InstrumentGrid, recorded: readonly RecordedBar[]) {
    const [first, last] = [recorded[0], recorded.at(-1)];
    if (first === undefined || last === undefined) throw new RecordedSeriesError(grid.symbol, 'is empty');
    this.grid = grid;
    this.firstDay = first.day;
    this.lastDay = last.day;
    this.bars = recorded.map((bar) => exactBar(grid, bar));
    for (const [index, { day }] of recorded.entries()) {
      if (index > 0 && day <= (recorded[index - 1]?.day ?? day)) {
        throw new RecordedSeriesError(grid.symbol, `day ${day} does not come after the one before it`);
      }
      this.indexByDay.set(day, index);
    }
  }

  get length(): number {
    return this.bars.length;
  }

  /** Number of a recorded day; undefined for a day without a record. */
  indexOf(day: number): number | undefined {
    return this.indexByDay.get(day);
  }

  days(): number[] {
    return [...this.indexByDay.keys()];
  }

  /** The bar of a day by its number, which may be beyond the recording. */
  bar(index: number): GridBar {
    const round = Math.floor(index / this.bars.length);
    const bar = this.bars[index % this.bars.length];
    if (bar === undefined) {
      throw new RangeError(`bar ${index} of ${this.grid.symbol} is before the recording`);
    }
    return this.scaled(bar, round);
  }

  private scaled(bar: ExactBar, round: number): GridBar {
    const ticks = (price: Fixed): number => this.grid.nearestTick(this.scale(price, round));
    const [open, close] = [ticks(bar.open), ticks(bar.close)];
    return {
      open,
      close,
      high: Math.max(open, close, ticks(bar.high)),
      low: Math.min(open, close, ticks(bar.low)),
      volume: bar.volume,
    };
  }

  private scale(price: Fixed, round: number): Fixed {
    const opening = this.bars[0]?.open;
    if (round === 0 || opening === undefined) return price;
    return mulDiv(price, this.grid.priceFixed(this.closeOf(round - 1)), opening);
  }

  private closeOf(round: number): number {
    while (this.closes.length <= round) {
      const last = this.bars.at(-1);
      if (last === undefined) break;
      this.closes.push(this.grid.nearestTick(this.scale(last.close, this.closes.length)));
    }
    return this.closes[round] ?? 1;
  }
}

const exactBar = (grid: InstrumentGrid, bar: RecordedBar): ExactBar => {
  const [open, close] = [parseDecimal(bar.open), parseDecimal(bar.close)];
  const [high, low] = [parseDecimal(bar.high), parseDecimal(bar.low)];
  if (low <= 0n) {
    throw new RecordedSeriesError(grid.symbol, `day ${bar.day} has a price that is not above zero`);
  }
  return {
    open,
    close,
    high: max(high, max(open, close)),
    low: min(low, min(open, close)),
    volume: bar.volume === null ? null : volumeInLots(grid, parseDecimal(bar.volume)),
  };
};

const volumeInLots = (grid: InstrumentGrid, volume: Fixed): number => {
  const lots = roundToStep(volume * BigInt(grid.lotsPerUnit), ONE, 'half-even') / ONE;
  return Number(lots < BigInt(Number.MAX_SAFE_INTEGER) ? lots : BigInt(Number.MAX_SAFE_INTEGER));
};
