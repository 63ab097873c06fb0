import type { DomainEvent, JournaledEvent } from '../../core/engine/account-event.ts';
import type { OrderRecord } from '../../core/orders/order-record.ts';
import type { AccountBatch } from '../../core/ports/journal.ts';
import type { AccountRow, FillRow, ReadModelChanges, StrategyRow } from '../../core/ports/read-model.ts';
import { DEFAULT_LIMITS } from '../../core/risk/limits.ts';

/** What makes a batch; everything not given is plausible filler. */
export interface BatchTerms {
  readonly accountId: string;
  readonly workspaceId: string;
  readonly shard: number;
  readonly epoch: number;
  readonly expectedSeq: number;
  readonly events?: readonly DomainEvent[];
  readonly changes?: Partial<ReadModelChanges>;
}

const AT = Date.UTC(2024, 0, 2, 15, 0, 0);

export function accountOpened(accountId: string, workspaceId: string): DomainEvent {
  return {
    type: 'ACCOUNT_OPENED',
    accountId,
    workspaceId,
    name: 'Main',
    broker: 'simulated',
    environment: 'PAPER',
    baseCurrency: 'USD',
    limits: DEFAULT_LIMITS,
  };
}

export function accountRow(accountId: string, workspaceId: string, seq: number): AccountRow {
  return {
    accountId,
    workspaceId,
    name: 'Main',
    broker: 'simulated',
    environment: 'PAPER',
    baseCurrency: 'USD',
    tradingState: 'ACTIVE',
    limits: DEFAULT_LIMITS,
    day: null,
    dayOpenEquity: null,
    peakEquity: null,
    reservedNotional: {},
    realizedPnl: '0',
    seq,
  };
}

/** A batch as the runtime makes them: numbered events, with the account's row among the changes. */
export function batchOf(terms: BatchTerms): AccountBatch {
  const { accountId, workspaceId, shard, epoch, expectedSeq } = terms;
  const bodies = terms.events ?? [accountOpened(accountId, workspaceId)];
  const events = bodies.map((event, index): JournaledEvent => ({
    accountId,
    seq: expectedSeq + index + 1,
    at: AT + expectedSeq + index,
    recordedAt: AT + expectedSeq + index,
    correlationId: `c-${String(expectedSeq)}`,
    causationId: null,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    actor: 'gateway',
    schema: 1,
    event,
  }));
  const changes: ReadModelChanges = {
    account: accountRow(accountId, workspaceId, expectedSeq + events.length),
    orders: [],
    fills: [],
    fillUpdates: [],
    positions: [],
    balances: [],
    alerts: [],
    audits: [],
    strategies: [],
    ...terms.changes,
  };
  return { accountId, workspaceId, shard, epoch, expectedSeq, events, changes };
}

export function orderRecord(id: string, overrides: Partial<OrderRecord> = {}): OrderRecord {
  return {
    id,
    clientOrderId: `client-${id}`,
    requestHash: 'a'.repeat(64),
    strategyId: null,
    symbol: 'AAPL',
    side: 'BUY',
    type: 'LIMIT',
    role: 'SIMPLE',
    origin: 'API',
    parentId: null,
    legIds: [],
    quantity: '10',
    notional: null,
    limitPrice: '190.25',
    stopPrice: null,
    triggerPrice: null,
    trailingOffset: null,
    trailingOffsetType: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    displayQuantity: null,
    extendedHours: false,
    currency: 'USD',
    multiplier: '1',
    tickSize: '0.01',
    lotSize: '1',
    reservePrice: '190.25',
    estimatedQuantity: null,
    lifecycle: 'DONE',
    doneReason: 'FILLED',
    assumedDone: false,
    reason: null,
    denial: null,
    pendingReplace: null,
    replaceRequestIds: [],
    pendingCancel: false,
    heldAt: null,
    heldFor: null,
    revision: 0,
    lastRevision: 0,
    brokerOrderId: `b-${id}`,
    sent: true,
    doubted: false,
    triggeredAt: null,
    overfilled: false,
    filledQuantity: '10',
    bustedQuantity: '0',
    filledNotional: '1902.5',
    fills: [],
    createdAt: AT,
    updatedAt: AT,
    submittedAt: AT,
    doneAt: AT,
    traceId: null,
    traceparent: null,
    firstSeq: 2,
    lastSeq: 5,
    ...overrides,
  };
}

export function fillRow(
  orderId: string,
  executionId: string,
  seq: number,
  overrides: Partial<FillRow> = {},
): FillRow {
  return {
    orderId,
    executionId,
    seq,
    symbol: 'AAPL',
    side: 'BUY',
    at: AT + seq,
    price: '190.25',
    quantity: '5',
    fee: null,
    feeCurrency: null,
    liquidity: 'TAKER',
    busted: false,
    ...overrides,
  };
}

export function strategyRow(
  accountId: string,
  strategyId: string,
  overrides: Partial<StrategyRow> = {},
): StrategyRow {
  return {
    strategyId,
    accountId,
    strategy: 'sma-cross',
    symbols: ['AAPL', 'SPX'],
    interval: 'MINUTE_1',
    config: { fast: 10, label: 'ümlaut' },
    status: 'RUNNING',
    error: null,
    startedAt: AT,
    stoppedAt: null,
    realizedPnl: '0',
    restarts: 0,
    startedSeq: 2,
    ...overrides,
  };
}

/** One dollar, by a reference of its own. */
export const deposit = (reference: string): DomainEvent => ({
  type: 'TRANSFER_BOOKED',
  reference,
  currency: 'USD',
  amount: '1',
  reason: 'deposit',
  marks: null,
});
