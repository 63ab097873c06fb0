import type { BarInterval } from '@omniquant/plugin-sdk';

import type { EngineSettings } from '../engine/decide-context.ts';
import type { BrokerRef } from '../ports/broker-connector.ts';
import { DEFAULT_STRATEGY_SETTINGS, type StrategySettings } from '../strategies/strategy-settings.ts';
import type { BrokerTimes } from './broker-environment.ts';
import type { MailboxLimits } from './mailbox.ts';
import type { MarketViewSettings } from './market-view.ts';

/** Settings of the runtime; times in ms. */
export interface RuntimeSettings {
  readonly engine: EngineSettings;
  readonly market: MarketViewSettings;
  /** The connection whose market data the API shows, open whether an account uses it or not; null for none. */
  readonly marketSource: BrokerRef | null;
  /** Broker connections whose market data comes from a feed. Without a connection: all of the broker. */
  readonly feeds: readonly {
    readonly broker: string;
    readonly connection: string | null;
    readonly feed: string;
  }[];
  /** Bars of these intervals are kept of every market. */
  readonly storedBars: readonly BarInterval[];
  readonly mailbox: MailboxLimits;
  /** What one commit of an account may carry. */
  readonly batch: { readonly works: number; readonly events: number };
  /** Appends under way at a time, of different accounts. */
  readonly parallelAppends: number;
  /** Only so many events begin an append beside one under way: fewer had better wait and be one with what follows. */
  readonly parallelFromEvents: number;
  /** Events of all accounts in one append, but for those of the last account. */
  readonly appendEvents: number;
  readonly appendTimeoutMs: number;
  /** Reads from journal, archive and directory, and broker calls other than orders. */
  readonly readTimeoutMs: number;
  readonly parallelLoads: number;
  readonly snapshotEvery: number;
  readonly leaseTtlMs: number;
  readonly leasePollMs: number;
  readonly broker: Omit<BrokerTimes, 'leaseTtlMs'>;
  readonly connectTimeoutMs: number;
  readonly feedConnectTimeoutMs: number;
  /** Shortest time between two looks at quotes by accounts that hold positions or triggers. */
  readonly marketMoveMs: number;
  readonly clockTickMs: number;
  /** How often is looked whether settings of broker connections have changed. */
  readonly brokerSettingsEveryMs: number;
  /** How often due work of broker sessions is looked for. */
  readonly sessionTickMs: number;
  /** How long commands for a loaded or new account wait for its broker before they are decided without it. */
  readonly admitAfterMs: number;
  /** How long an account that is given away may take to finish. */
  readonly drainMs: number;
  readonly strategies: StrategySettings;
}

export const DEFAULT_SETTINGS: Omit<RuntimeSettings, 'engine' | 'market' | 'marketSource'> = {
  mailbox: { client: 1_000, system: 20_000 },
  batch: { works: 200, events: 1_000 },
  parallelAppends: 2,
  parallelFromEvents: 250,
  appendEvents: 4_000,
  appendTimeoutMs: 10_000,
  readTimeoutMs: 10_000,
  parallelLoads: 8,
  snapshotEvery: 5_000,
  leaseTtlMs: 5_000,
  leasePollMs: 500,
  broker: {
    requestTimeoutMs: 5_000,
    leaseMarginMs: 500,
    resubmitMaxAgeMs: 5_000,
    reconcileEveryMs: 5_000,
    mismatchGraceMs: 10_000,
    openOrdersEveryMs: 30_000,
  },
  connectTimeoutMs: 15_000,
  feeds: [],
  storedBars: [],
  feedConnectTimeoutMs: 120_000,
  marketMoveMs: 100,
  clockTickMs: 1_000,
  brokerSettingsEveryMs: 5_000,
  sessionTickMs: 100,
  admitAfterMs: 3_000,
  drainMs: 3_000,
  strategies: DEFAULT_STRATEGY_SETTINGS,
};
