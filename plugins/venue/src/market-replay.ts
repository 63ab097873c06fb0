import { seedOf } from '@omniquant/plugin-sdk/random';

import { type BarPath, barPath } from './bar-path.ts';
import { type MarketTick, type QuoteShape, tickAt } from './market-tick.ts';
import type { RecordedSeries } from './recorded-series.ts';
import { type Session, TradingDays } from './trading-days.ts';

/** Market time between two ticks of a symbol. */
export const STEP_MS = 500;

const DEFAULT_SPREAD = 0.0001;
/** Paths of that many days are kept; one of a full day takes 750 kB. */
const KEPT_PATHS = 8;
const ROUND_LOT = 100;

export interface MarketReplayOptions {
  readonly seed: string | number;
  readonly series: readonly RecordedSeries[];
  /** Average distance of bid and ask, as a fraction of the price. */
  readonly spread?: number;
}

/**
 * The market as it was recorded, tick by tick. It has no state: the same seed, symbol and instant give
 * the same tick, whenever and on whatever machine it is asked for.
 */
export class MarketReplay {
  readonly days: TradingDays;
  readonly symbols: readonly string[];
  private readonly seed: string | number;
  private readonly series: ReadonlyMap<string, RecordedSeries>;
  private readonly shapes: ReadonlyMap<string, QuoteShape>;
  private readonly paths = new Map<string, BarPath>();
  /** The path of each symbol that was asked for last: nearly always the one that is wanted again. */
  private readonly recent = new Map<string, { readonly index: number; readonly path: BarPath }>();

  constructor(options: MarketReplayOptions) {
    const spread = options.spread ?? DEFAULT_SPREAD;
    this.seed = options.seed;
    this.series = new Map(options.series.map((series) => [series.grid.symbol, series]));
    this.symbols = [...this.series.keys()];
    this.shapes = new Map(
      options.series.map(({ grid }) => [grid.symbol, { spread, sizeStep: ROUND_LOT * grid.lotsPerUnit }]),
    );
    const recorded = new Set(options.series.flatMap((series) => series.days()));
    this.days = new TradingDays([...recorded].sort((a, b) => a - b));
  }

  seriesOf(symbol: string): RecordedSeries | undefined {
    return this.series.get(symbol);
  }

  stepsIn(session: Session): number {
    return Math.floor((session.close - session.open) / STEP_MS);
  }

  /** The last step of a session that is not after `at`; -1 before the open. */
  stepAt(session: Session, at: number): number {
    if (at < session.open) return -1;
    return Math.min(Math.floor((at - session.open) / STEP_MS), this.stepsIn(session) - 1);
  }

  /**
   * Number of the bar that a symbol replays in a session; undefined where it has none: before its
   * first day, and on days within its recording that it did not trade.
   */
  barNumber(symbol: string, session: Session): number | undefined {
    const series = this.series.get(symbol);
    if (series === undefined) return undefined;
    if (session.day <= series.lastDay) return series.indexOf(session.day);
    return series.length + session.index - this.days.indexFrom(series.lastDay + 1);
  }

  /** A symbol's path through a session; undefined on a day without a bar. */
  path(symbol: string, session: Session): BarPath | undefined {
    const recent = this.recent.get(symbol);
    if (recent?.index === session.index) return recent.path;
    const path = this.keptPath(symbol, session);
    if (path !== undefined) this.recent.set(symbol, { index: session.index, path });
    return path;
  }

  /** A symbol's trade and quote at a step of a session. */
  tick(symbol: string, session: Session, step: number): MarketTick | undefined {
    const path = this.path(symbol, session);
    const shape = this.shapes.get(symbol);
    if (path === undefined || shape === undefined || step < 0) return undefined;
    return tickAt(path, step, session.open + step * STEP_MS, shape);
  }

  /** The latest tick of a symbol that is not after `at`, of an earlier session if need be. */
  latestTick(symbol: string, at: number): MarketTick | undefined {
    const firstDay = this.series.get(symbol)?.firstDay ?? Infinity;
    let session = this.days.sessionFrom(at);
    while (session.day >= firstDay) {
      const tick = this.tick(symbol, session, this.stepAt(session, at));
      if (tick !== undefined || session.index === 0) return tick;
      session = this.days.session(session.index - 1);
    }
    return undefined;
  }

  private keptPath(symbol: string, session: Session): BarPath | undefined {
    const key = `${session.index} ${symbol}`;
    const path = this.paths.get(key) ?? this.drawPath(symbol, session);
    if (path === undefined) return undefined;
    // The one that was used longest ago goes first.
    this.paths.delete(key);
    this.paths.set(key, path);
    const [oldest] = this.paths.keys();
    if (this.paths.size > KEPT_PATHS && oldest !== undefined) this.paths.delete(oldest);
    return path;
  }

  private drawPath(symbol: string, session: Session): BarPath | undefined {
    const series = this.series.get(symbol);
    const number = this.barNumber(symbol, session);
    if (series === undefined || number === undefined) return undefined;
    return barPath({
      bar: series.bar(number),
      steps: this.stepsIn(session),
      seed: seedOf(this.seed, symbol, session.day),
      lotsPerUnit: series.grid.lotsPerUnit,
    });
  }
}
