import type { OrderRecord } from '../../core/orders/order-record.ts';
import type { AccountEntry } from '../../core/ports/account-directory.ts';
import type { AccountSnapshot } from '../../core/ports/journal.ts';
import type {
  AccountRow,
  BalanceRow,
  FillRow,
  PositionRow,
  StrategyRow,
} from '../../core/ports/read-model.ts';

export interface StoredAccount {
  readonly accountId: string;
  readonly workspaceId: string;
  readonly shard: number;
  epoch: number;
  seq: number;
  /** Events as JSON text, so that nobody shares objects with the journal. Index is seq - 1. */
  readonly events: string[];
  snapshot: AccountSnapshot | null;
  row: AccountRow | null;
  /** By order id. */
  readonly orders: Map<string, { readonly record: OrderRecord; readonly open: boolean }>;
  /** By `order id/execution id`, in booking order. */
  readonly fills: Map<string, FillRow>;
  readonly positions: Map<string, PositionRow>;
  readonly balances: Map<string, BalanceRow>;
  /** By id, in the order of their starts. */
  readonly strategies: Map<string, StrategyRow>;
}

export interface StoredLease {
  owner: string;
  address: string;
  epoch: number;
  /** By the store's own clock. */
  expiresAt: number;
}

/** What a database would keep while gateways die and start again: one for all adapters of a test. */
export interface MemoryStore {
  readonly accounts: Map<string, StoredAccount>;
  readonly directory: Map<string, AccountEntry>;
  readonly leases: Map<string, StoredLease>;
}

export function createMemoryStore(): MemoryStore {
  return { accounts: new Map(), directory: new Map(), leases: new Map() };
}
