import { DEFAULT_SETTINGS, type RuntimeSettings } from '../../core/runtime/runtime-settings.ts';

export const VENUE_PREFIX = 'oq';
export const REQUEST_TIMEOUT_MS = 1_000;
export const BROKER = { broker: 'simulated', connection: 'default' } as const;

/** As in production but for times, which are shorter, so that a run sees more of what they end. */
export const SIMULATION_SETTINGS: RuntimeSettings = {
  ...DEFAULT_SETTINGS,
  appendTimeoutMs: 2_000,
  readTimeoutMs: 2_000,
  connectTimeoutMs: 2_000,
  snapshotEvery: 20,
  leaseTtlMs: 2_000,
  leasePollMs: 500,
  broker: {
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    leaseMarginMs: 200,
    resubmitMaxAgeMs: 2_000,
    reconcileEveryMs: 2_000,
    mismatchGraceMs: 4_000,
    openOrdersEveryMs: 4_000,
  },
  marketMoveMs: 250,
  sessionTickMs: 250,
  admitAfterMs: 1_500,
  drainMs: 1_500,
  engine: {
    venueIdPrefix: VENUE_PREFIX,
    quoteStaleAfterMs: 1_000_000_000,
    restrictedSymbols: new Set(),
    flattenOnDailyLoss: false,
  },
  market: { accountCalendar: 'ALWAYS', haltedSymbols: new Set() },
  marketSource: BROKER,
  strategies: { ...DEFAULT_SETTINGS.strategies, checkpointMs: 2_000 },
};
