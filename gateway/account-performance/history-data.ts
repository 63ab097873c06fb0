import type { CalendarId } from '../../core/market/calendar.ts';
import type { PerformanceRange } from '../../schema/account/performance-service.ts';
import type { PriceBar } from '../reports/tear-sheet-input.ts';

/* What a thread makes performance and tear sheets of: plain data. Times are market time, ms; money is text. */

/** End of a day, and the price then. */
export type DailyClose = readonly [at: number, price: string];

export interface AccountFacts {
  readonly accountId: string;
  readonly name: string;
  readonly broker: string;
  readonly environment: 'PAPER' | 'LIVE';
  readonly baseCurrency: string;
}

export interface HeldInstrument {
  readonly symbol: string;
  readonly currency: string;
  readonly multiplier: string;
  /** What the account holds now. */
  readonly quantity: string;
}

export interface AccountHistoryData {
  readonly account: AccountFacts;
  /** That its days go by. */
  readonly calendar: CalendarId;
  readonly range: PerformanceRange;
  /** JSON, as StoredHistory has them. */
  readonly openings: string;
  readonly fills: string;
  /** Of everything that the account has traded. */
  readonly instruments: readonly HeldInstrument[];
  readonly present: {
    readonly at: number;
    readonly sinceOpening: string;
    readonly equity: string | null;
  } | null;
  /**
   * Daily closes of the benchmark and of currency pairs that the market at hand has; of others those are read that were
   * imported.
   */
  readonly closes: Readonly<Record<string, readonly DailyClose[]>>;
}

/** Bars of symbols that were traded, for charts. */
export type ChartBars = Readonly<Record<string, readonly PriceBar[]>>;
