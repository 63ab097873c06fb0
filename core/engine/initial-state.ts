import { DEFAULT_LIMITS } from '../risk/limits.ts';
import type { AccountState } from './account-state.ts';

/** An account of which nothing has happened yet; ACCOUNT_OPENED is its first event. */
export const createAccountState = (accountId: string): AccountState => ({
  accountId,
  workspaceId: '',
  name: '',
  broker: '',
  environment: 'PAPER',
  baseCurrency: '',
  seq: 0,
  at: 0,
  recordedAt: 0,
  tradingState: 'ACTIVE',
  tradingStateSource: 'OPERATOR',
  tradingStateReason: null,
  limits: DEFAULT_LIMITS,
  cash: new Map(),
  positions: new Map(),
  fees: new Map(),
  transfers: new Map(),
  transferReferences: new Set(),
  orders: new Map(),
  orderIdByClientId: new Map(),
  openOrderIds: new Set(),
  doneOrders: new Map(),
  heldOrderIds: new Map(),
  evictedOrders: 0,
  exposure: new Map(),
  recentSubmissions: [],
  strategies: new Map(),
  fillCursor: null,
  day: null,
  dayOpenEquity: null,
  peakEquity: null,
  peakedAt: 0,
  dailyLossDay: null,
  drawdownPeak: null,
  mismatches: new Map(),
  entryBlocks: new Set(),
});

/** Whether ACCOUNT_OPENED has been applied. */
export const isOpened = (state: AccountState): boolean => state.seq > 0;
