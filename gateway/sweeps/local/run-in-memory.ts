import { Backtest } from '../../../core/backtest/backtest.ts';
import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import { type BarColumns, columnsSource } from '../../../core/backtest/bar-source.ts';
import { leadBacktest } from '../../backtests/lead-backtest.ts';
import { withinRange } from '../../backtests/market-data/within-range.ts';
import type { PreparedBacktest, WantedBars } from '../../backtests/prepare-backtest.ts';
import type { BarsInMemory } from './bars-in-memory.ts';

/** The last price of a benchmark or a currency before the start, over any holidays. */
const EARLIER_MS = 60 * 86_400_000;
/** Beyond the warm-up: the bar that is under way at the start, and the one that ended before. */
const MARGIN_BARS = 2;

/**
 * Runs a backtest over columns that are there already; null when some series is not. Of bars before the start it sees
 * those of the warm-up only, which makes no difference but to the counts of bars, and late windows no slower than early
 * ones.
 */
export async function runInMemory(
  prepared: PreparedBacktest,
  bars: BarsInMemory,
  signal: AbortSignal,
): Promise<BacktestResult | null> {
  // Ticks are read as they are needed: they are too many to be held.
  if (prepared.ticks.length > 0) return null;
  const sources = [];
  for (const wanted of prepared.bars) {
    const columns = await bars.columns(wanted.series, signal);
    if (columns === null) return null;
    sources.push(columnsSource(wanted.series, needed(columns, wanted, prepared)));
  }
  return leadBacktest(new Backtest(prepared.spec, { sources }), [], { signal });
}

function needed(columns: BarColumns, { series }: WantedBars, prepared: PreparedBacktest): BarColumns {
  const { from, symbols, to } = prepared.spec.settings;
  if (from === null) return withinRange(columns, { from, to });
  if (!symbols.includes(series.symbol)) return withinRange(columns, { from: from - EARLIER_MS, to });
  const before = withinRange(columns, { from: null, to: from }).at.length;
  const first = columns.at[Math.max(0, before - prepared.warmup - MARGIN_BARS)];
  return withinRange(columns, { from: first ?? null, to });
}
