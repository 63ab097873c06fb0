import type { Json } from '@omniquant/plugin-sdk';

import type { PerformanceReport } from '../../core/performance/report.ts';
import type { TradeFill } from '../../core/performance/round-trips.ts';

/** A bar of the price chart, `at` its start in ms. Floats: they are drawn and never counted with. */
export interface PriceBar {
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Bars of one instrument in the order of time; any number, they are read once. */
export interface PriceHistory {
  readonly symbol: string;
  readonly bars: Iterable<PriceBar>;
}

/** One heading of the settings, such as "Strategy" or "Fees". */
export interface ParameterGroup {
  readonly title: string;
  readonly values: { readonly [name: string]: Json | undefined };
}

/** What a reader has to know before the figures: that a run failed, say. */
export interface Notice {
  readonly severity: 'INFO' | 'WARNING';
  readonly text: string;
}

/**
 * Everything a tear sheet shows. Nothing is computed from it but what is drawn: the figures are those of
 * `performance`. The same input gives the same page, byte for byte.
 */
export interface TearSheetInput {
  readonly subject: 'BACKTEST' | 'LIVE_ACCOUNT' | 'PAPER_ACCOUNT';
  /** The strategy's or the account's name. */
  readonly title: string;
  /** A sentence below the title, such as the symbols and the interval; may be empty. */
  readonly subtitle: string;
  /** Base currency, in which money is. */
  readonly currency: string;
  readonly performance: PerformanceReport;
  /** Name of the benchmark; null without one. */
  readonly benchmark: string | null;
  /** In the order of time, as `performance` was computed from; busted ones left out. */
  readonly fills: readonly TradeFill[];
  /** Charts of what was traded; symbols without one are in the tables only. */
  readonly prices: readonly PriceHistory[];
  readonly notices: readonly Notice[];
  readonly parameters: readonly ParameterGroup[];
  /** Of a backtest: equal for equal input and seed; null for an account. */
  readonly resultHash: string | null;
  /** When the figures of an account were taken (ms); null for a backtest, which has no present. */
  readonly asOf: number | null;
}
