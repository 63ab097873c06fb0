import type { DomainEvent } from '../../../core/engine/account-event.ts';
import type { Bus } from '../../../core/ports/bus.ts';
import type { StrategyRow } from '../../../core/ports/read-model.ts';
import { accountOpened, batchOf } from '../journal-fixtures.ts';
import { createMemoryJournal } from '../memory-journal.ts';
import type { MemoryStore } from '../memory-store.ts';

/** Writes accounts' journals as the runtime would, and tells of it. */
export interface ScriptedJournal {
  openAccount(accountId: string, workspaceId: string): Promise<void>;
  append(accountId: string, events: readonly DomainEvent[]): Promise<void>;
  /** One order, accepted and filled: the five events of `orderLife`. */
  placeOrder(accountId: string, orderId: string): Promise<void>;
  /** A commit after which a strategy stands so. */
  setStrategy(row: StrategyRow): Promise<void>;
  headOf(accountId: string): number;
}

const SHARD = 7;
const EPOCH = 1;

export function createScriptedJournal(store: MemoryStore, bus: Pick<Bus, 'publish'>): ScriptedJournal {
  const journal = createMemoryJournal(store);
  const { signal } = new AbortController();
  store.leases.set(`shard:${String(SHARD)}`, {
    owner: 'test',
    address: 'http://test',
    epoch: EPOCH,
    expiresAt: Number.MAX_SAFE_INTEGER,
  });

  async function write(
    accountId: string,
    workspaceId: string,
    events: readonly DomainEvent[],
    strategies: readonly StrategyRow[] = [],
  ): Promise<void> {
    const expectedSeq = store.accounts.get(accountId)?.seq ?? 0;
    const base = { accountId, workspaceId, shard: SHARD, epoch: EPOCH, expectedSeq, events };
    const batch = batchOf({ ...base, changes: { strategies } });
    const { fenced } = await journal.append([batch], signal);
    if (fenced.length > 0) throw new Error(`the script lost ${accountId}`);
    bus.publish('commit', { accountId, workspaceId, from: expectedSeq, to: expectedSeq + events.length });
  }

  function workspaceOf(accountId: string): string {
    const account = store.accounts.get(accountId);
    if (account === undefined) throw new Error(`there is no account ${accountId}`);
    return account.workspaceId;
  }

  return {
    async openAccount(accountId, workspaceId) {
      store.directory.set(accountId, {
        accountId,
        workspaceId,
        shard: SHARD,
        broker: 'simulated',
        connection: 'main',
      });
      await write(accountId, workspaceId, [accountOpened(accountId, workspaceId)]);
    },
    append: (accountId, events) => write(accountId, workspaceOf(accountId), events),
    placeOrder: (accountId, orderId) => write(accountId, workspaceOf(accountId), orderLife(orderId)),
    setStrategy: (row) => {
      const { accountId, strategyId } = row;
      const event = { type: 'STRATEGY_RESTARTED', strategyId, error: 'as the script says' } as const;
      return write(accountId, workspaceOf(accountId), [event], [row]);
    },
    headOf: (accountId) => store.accounts.get(accountId)?.seq ?? 0,
  };
}

/** INITIALIZED, SUBMITTED, ACCEPTED and two FILLED. */
export function orderLife(orderId: string): DomainEvent[] {
  const fill = (executionId: string, quantity: string): DomainEvent => ({
    type: 'FILLED',
    orderId,
    executionId,
    price: '190.25',
    quantity,
    fee: '0.01',
    feeCurrency: 'USD',
    liquidity: 'TAKER',
    executedAt: 0,
    late: false,
    cursor: null,
  });
  return [
    {
      type: 'INITIALIZED',
      orderId,
      clientOrderId: `client-${orderId}`,
      requestHash: null,
      strategyId: null,
      terms: {
        symbol: 'AAPL',
        side: 'BUY',
        type: 'LIMIT',
        quantity: '10',
        notional: null,
        limitPrice: '190.25',
        stopPrice: null,
        trailingOffset: null,
        trailingOffsetType: null,
        timeInForce: 'GTC',
        expireAt: null,
        postOnly: false,
        reduceOnly: false,
        displayQuantity: null,
        extendedHours: false,
      },
      instrument: { currency: 'USD', multiplier: '1', tickSize: '0.01', lotSize: '1' },
      role: 'SIMPLE',
      origin: 'API',
      parentId: null,
      legIds: [],
      triggerPrice: null,
      reservePrice: '190.25',
      estimatedQuantity: null,
    },
    { type: 'SUBMITTED', orderId, venueOrderId: `v-${orderId}`, revision: 0 },
    { type: 'ACCEPTED', orderId, brokerOrderId: `b-${orderId}`, quantity: null },
    fill('e1', '4'),
    fill('e2', '6'),
  ];
}

export function riskAlert(message: string): DomainEvent {
  return {
    type: 'RISK_ALERT',
    code: 'ORDER_IN_DOUBT',
    severity: 'WARNING',
    message,
    orderId: null,
    details: {},
  };
}
