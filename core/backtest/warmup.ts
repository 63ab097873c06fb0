import type { Bar } from '@omniquant/plugin-sdk';

import { BacktestError } from './backtest-error.ts';
import type { BarSeries } from './bar-source.ts';

/** A bar of before the start, and when it was over. */
interface WarmupBar {
  readonly endsAt: number;
  readonly bar: Bar;
}

export interface SavedWarmup {
  readonly counts: readonly number[];
  readonly kept: readonly (readonly WarmupBar[])[];
}

/**
 * The last bars of each series before the start. With a `from` these are the bars that end up to it, as many as there
 * are; without one the run starts when each series has had as many as the strategy wants.
 */
export class Warmup {
  /** By rank; 0 for series that the strategy is not given. */
  private readonly counts: number[];
  private readonly kept: WarmupBar[][];
  private readonly wanted: number;
  private readonly from: number | null;
  private missing: number;

  constructor(given: readonly boolean[], wanted: number, from: number | null) {
    this.wanted = wanted;
    this.from = from;
    this.counts = given.map(() => 0);
    this.kept = given.map(() => []);
    this.missing = wanted === 0 ? 0 : given.filter(Boolean).length;
  }

  /** Whether bars that end then are of after the start. */
  isOverAt(endsAt: number): boolean {
    return this.from === null ? this.missing === 0 : endsAt > this.from;
  }

  take(rank: number, endsAt: number, bar: () => Bar): void {
    const count = this.counts[rank]! + 1;
    this.counts[rank] = count;
    if (count === this.wanted) this.missing -= 1;
    if (this.wanted === 0) return;
    const kept = this.kept[rank]!;
    kept.push({ endsAt, bar: bar() });
    // Twice as many are let come before the older half goes, so that most bars cost nothing.
    if (kept.length >= 2 * this.wanted) kept.splice(0, kept.length - this.wanted);
  }

  /** In the order of their ends; those that end together in the order of the series. */
  bars(): readonly Bar[] {
    const last = this.kept.flatMap((kept) => kept.slice(-this.wanted));
    return this.wanted === 0 ? [] : last.sort((a, b) => a.endsAt - b.endsAt).map(({ bar }) => bar);
  }

  /** The data is over, and the start never came. */
  refuse(series: readonly BarSeries[], given: readonly boolean[]): BacktestError {
    const short = this.counts.findIndex((count, rank) => given[rank] === true && count < this.wanted);
    const one = series[short];
    if (this.from !== null || one === undefined) {
      return new BacktestError('NOT_ENOUGH_BARS', 'there are no bars after `from`', 'from');
    }
    const { interval, symbol } = one;
    const text = `there are ${String(this.counts[short])} ${interval} bars of ${symbol}, and the warm-up takes ${String(this.wanted)}`;
    return new BacktestError('NOT_ENOUGH_BARS', text);
  }

  save(): SavedWarmup {
    return { counts: [...this.counts], kept: this.kept.map((kept) => [...kept]) };
  }

  restore({ counts, kept }: SavedWarmup, given: readonly boolean[]): void {
    counts.forEach((count, rank) => (this.counts[rank] = count));
    kept.forEach((bars, rank) => this.kept[rank]?.push(...bars));
    this.missing =
      this.wanted === 0
        ? 0
        : counts.filter((count, rank) => given[rank] === true && count < this.wanted).length;
  }
}
