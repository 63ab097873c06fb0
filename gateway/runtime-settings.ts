import { DEFAULT_SETTINGS, type RuntimeSettings } from '../core/runtime/runtime-settings.ts';
import type { Config } from './config.ts';
import type { Installation } from './database/installation.ts';
import { DEFAULT_CONNECTION } from './plugins/broker-connector.ts';

/** That days of accounts go by. */
export const ACCOUNT_CALENDAR = 'US_EQUITY';

/** The runtime's settings as the gateway's make them. */
export function runtimeSettings(config: Config, installation: Installation): RuntimeSettings {
  return {
    ...DEFAULT_SETTINGS,
    engine: {
      venueIdPrefix: installation.venuePrefix,
      quoteStaleAfterMs: config.QUOTE_STALE_AFTER_MS,
      restrictedSymbols: new Set(config.RESTRICTED_SYMBOLS),
      flattenOnDailyLoss: config.FLATTEN_ON_DAILY_LOSS,
    },
    market: { accountCalendar: ACCOUNT_CALENDAR, haltedSymbols: new Set() },
    marketSource: { broker: 'simulated', connection: DEFAULT_CONNECTION },
    feeds: config.MARKET_DATA_FEEDS,
    storedBars: config.STORE_BARS,
    mailbox: { ...DEFAULT_SETTINGS.mailbox, client: config.MAILBOX_LIMIT },
    snapshotEvery: config.SNAPSHOT_EVERY,
    leaseTtlMs: config.LEASE_TTL_MS,
    // A short lease has to be looked after more often, and has less to give away.
    leasePollMs: Math.min(DEFAULT_SETTINGS.leasePollMs, config.LEASE_TTL_MS / 10),
    broker: {
      ...DEFAULT_SETTINGS.broker,
      leaseMarginMs: Math.min(DEFAULT_SETTINGS.broker.leaseMarginMs, config.LEASE_TTL_MS / 10),
      requestTimeoutMs: config.BROKER_TIMEOUT_MS,
      reconcileEveryMs: config.RECONCILE_EVERY_MS,
      mismatchGraceMs: config.MISMATCH_GRACE_MS,
    },
  };
}
