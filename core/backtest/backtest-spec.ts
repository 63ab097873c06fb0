import type { BarInterval, Decimal, Json, StrategyDefinition, VenueInstrument } from '@omniquant/plugin-sdk';
import type { Optimizers } from '@omniquant/plugin-sdk/strategy-instance';
import type { MarketReplay } from '@omniquant/venue/market-replay';

import type { CalendarId } from '../market/calendar.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { Dividend, Split, StoredActions } from './corporate-actions.ts';
import type { FeeSettings } from './fees-schema.ts';
import type { FillSettings } from './fills-schema.ts';
import type { LatencySettings } from './latency-schema.ts';
import type { TickKind } from './tick-source.ts';

/** What orders may trade in, and what strategies may be given: bars are read in any case. */
export type BacktestDataKind = 'BARS' | TickKind;

/** Everything that decides a run besides the code of the strategy and the bars; JSON. */
export interface BacktestSettings {
  /** Extension id, such as "sma-cross". */
  readonly strategy: string;
  /** Checked against the strategy's schema, with defaults filled in. */
  readonly config: { readonly [key: string]: Json | undefined };
  /** What the strategy is started with, in this order; bars that end together are given in it. */
  readonly symbols: readonly string[];
  /** One for each symbol, and for each currency pair that converts to the base currency. */
  readonly instruments: readonly VenueInstrument[];
  readonly interval: BarInterval;
  /**
   * What is read of each symbol besides its bars; ['BARS'] is nothing. Left out, it is what the strategy asks for and the
   * fill model needs, as far as it is there.
   */
  readonly data?: readonly BacktestDataKind[] | null;
  /**
   * Epoch ms. Bars that end up to `from` warm the strategy up; without it the first bars do. Bars that end after `to`
   * are not used.
   */
  readonly from: number | null;
  readonly to: number | null;
  readonly startingCash: Decimal;
  readonly baseCurrency: string;
  readonly fees: FeeSettings;
  readonly fills: FillSettings;
  readonly latency: LatencySettings;
  /** Of the strategy's chance and of the fill model's. */
  readonly seed: number;
  /** A symbol that the data has bars of. */
  readonly benchmark: string | null;
  readonly limits: RiskLimits;
  /** Market value that one unit of equity may carry: "2" as Regulation T overnight, "1" without credit. */
  readonly buyingPowerMultiplier: Decimal;
  /** Trading days of the account: of its daily returns and its daily loss. */
  readonly calendar: CalendarId;
  /**
   * SESSION: orders are taken as live, so that what needs an open market is denied between sessions. ANY: they are taken
   * at any time and wait for the next bar, as a signal of a day's close has to.
   */
  readonly orderHours: 'SESSION' | 'ANY';
  /** Yearly rate that shorts pay on their value, "0.03" is 3 %; nothing when left out. */
  readonly borrowRate?: Decimal | null;
  /** Of prices that are not adjusted for them, in the units of the prices as they are given. None when left out. */
  readonly dividends?: readonly Dividend[];
  /** What the prices have been divided by where they are given; they change nothing in the run. None when left out. */
  readonly splits?: readonly Split[];
  /** What of `splits` and `dividends` comes from the store of market data: nothing that was asked for names it. */
  readonly storedActions?: readonly StoredActions[];
  /** Equity over gross exposure below which everything is closed, such as "0.25"; never when left out. */
  readonly maintenanceMargin?: Decimal | null;
  /** Yearly, as a fraction; for ratios. */
  readonly riskFree: number;
  /** What orders trade in; their bars when left out, as `fills` says. */
  readonly market?: ReplaySettings | null;
}

/**
 * Orders trade tick by tick in the market that the simulated venue replays, with its quotes and their sizes: what a
 * strategy does on paper there and what it does in such a run is the same. Only for symbols and days of that replay.
 */
export interface ReplaySettings {
  readonly model: 'REPLAY';
  /** Of the venue: its days are drawn by it. */
  readonly seed: string;
  /** How often the gateway looks at triggers that it watches itself, ms of market time: the venue's step in lockstep. */
  readonly stepMs: number;
}

/** A run: its settings and the code that they name. */
export interface BacktestSpec {
  readonly settings: BacktestSettings;
  readonly strategy: StrategyDefinition;
  /** Lent to the strategy, by its names for them: see `lendOptimizers` of the SDK. */
  readonly optimizers?: Optimizers;
  /** What is replayed, where the settings ask for it. */
  readonly replay?: MarketReplay;
}
